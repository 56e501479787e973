// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The trailers of a chunked body, read as strictly as a head. Kept are the field lines that may be passed on; what frames, routes,
 * authenticates or belongs to the hop is read and dropped (RFC 9110 section 6.5.1).
 */
final class TrailerSection {

    /** Bytes and fields that may come, kept or not. */
    static final int MAX_BYTES = 8 << 10;

    static final int MAX_FIELDS = 32;

    private enum State {
        LINE,
        LINE_LF,
        LAST_LF
    }

    private State state = State.LINE;
    private byte[] bytes = {};
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int kept;
    private int length;
    private int received;
    private int fields;

    void reset() {
        state = State.LINE;
        kept = 0;
        length = 0;
        received = 0;
        fields = 0;
    }

    /** Takes one byte; true if it ended the section. */
    boolean next(byte b) throws HeadException {
        switch (state) {
            case LINE -> line(b);
            case LINE_LF -> {
                expectLf(b);
                endOfLine();
            }
            case LAST_LF -> {
                expectLf(b);
                return true;
            }
        }
        return false;
    }

    /** Length of the kept lines, each with its CRLF. */
    int size() {
        return kept;
    }

    /** The kept lines; good until the next message. */
    ByteBuffer lines() {
        return ByteBuffer.wrap(bytes, 0, kept).slice().asReadOnlyBuffer();
    }

    void writeTo(ByteBuffer dst) {
        dst.put(bytes, 0, kept);
    }

    private void line(byte b) throws HeadException {
        if (b == Ascii.CR) {
            state = length == kept ? State.LAST_LF : State.LINE_LF;
            return;
        }
        if (!Ascii.is(Ascii.VALUE, b)) {
            throw HeadException.bad("trailer: a control byte, or a line end that is not CRLF");
        }
        if (++received > MAX_BYTES) {
            throw HeadException.bad("trailers: longer than " + MAX_BYTES + " bytes");
        }
        put(b);
    }

    private static void expectLf(byte b) throws HeadException {
        if (b != Ascii.LF) {
            throw HeadException.bad("trailer: CR without LF");
        }
    }

    private void endOfLine() throws HeadException {
        state = State.LINE;
        if (++fields > MAX_FIELDS) {
            throw HeadException.bad("trailers: more than " + MAX_FIELDS + " fields");
        }
        int end = Ascii.skip(Ascii.TOKEN, view, kept, length);
        if (end == kept || end == length || view.get(end) != ':') {
            throw HeadException.bad("trailer: not a token followed by a colon");
        }
        if (FieldTable.mayTrail(FieldTable.of(view, kept, end))) {
            put(Ascii.CR);
            put(Ascii.LF);
            kept = length;
        } else {
            length = kept;
        }
    }

    private void put(byte b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(256, 2 * bytes.length));
            view = ByteBuffer.wrap(bytes);
        }
        bytes[length++] = b;
    }
}
