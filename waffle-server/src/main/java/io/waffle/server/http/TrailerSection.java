// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The trailers of a chunked body, read as strictly as a head. Kept are the field lines that may be passed on; what frames, routes,
 * authenticates or belongs to the hop is read and dropped (RFC 9110 section 6.5.1).
 */
final class TrailerSection {

    private enum State {
        LINE,
        LINE_LF,
        LAST_LF
    }

    private final TrailerRules rules;
    private State state = State.LINE;
    private byte[] bytes = {};
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int kept;
    private int length;
    private int received;
    private int fields;
    private boolean empty = true;

    TrailerSection(TrailerRules rules) {
        this.rules = rules;
    }

    void reset() {
        state = State.LINE;
        kept = 0;
        length = 0;
        received = 0;
        fields = 0;
        empty = true;
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
            state = empty ? State.LAST_LF : State.LINE_LF;
            return;
        }
        if (!Ascii.is(Ascii.VALUE, b)) {
            throw HeadException.bad("trailer: a control byte, or a line end that is not CRLF");
        }
        empty = false;
        received++;
        if (mayCome()) {
            put(b);
        }
    }

    /** Whether what has come is within bounds. */
    private boolean mayCome() throws HeadException {
        if (received <= rules.bytes() && fields < rules.fields()) {
            return true;
        }
        if (rules.ofRequest()) {
            throw new HeadException(
                    431, "trailers: more than " + rules.bytes() + " bytes or " + rules.fields() + " fields");
        }
        received = rules.bytes() + 1; // nothing that follows is kept, however short, nor counted
        return false;
    }

    private static void expectLf(byte b) throws HeadException {
        if (b != Ascii.LF) {
            throw HeadException.bad("trailer: CR without LF");
        }
    }

    private void endOfLine() throws HeadException {
        state = State.LINE;
        empty = true;
        if (received > rules.bytes()) {
            length = kept;
            return;
        }
        fields++;
        int end = Ascii.skip(Ascii.TOKEN, view, kept, length);
        if (end == kept || end == length || view.get(end) != ':') {
            throw HeadException.bad("trailer: not a token followed by a colon");
        }
        if (passes(end)) {
            put(Ascii.CR);
            put(Ascii.LF);
            kept = length;
        } else {
            length = kept;
        }
    }

    /** Whether the field whose name ends there is passed on. */
    private boolean passes(int end) {
        boolean odd = rules.ofRequest() && Ascii.skip(Ascii.PLAIN_NAME, view, kept, end) < end;
        int known = odd ? FieldTable.ofOdd(view, kept, end) : FieldTable.of(view, kept, end);
        return FieldTable.mayTrail(known) && (known != KnownField.UNDERSCORED || rules.passesUnderscores());
    }

    private void put(byte b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(256, 2 * bytes.length));
            view = ByteBuffer.wrap(bytes);
        }
        bytes[length++] = b;
    }
}
