// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Appends to a buffer, without allocating. */
final class Out {

    private static final byte[] CRLF = {Ascii.CR, Ascii.LF};
    private static final byte[] COMMA = {',', ' '};
    private static final byte[] HEX = ascii("0123456789ABCDEF");

    private Out() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static void copy(ByteBuffer src, int from, int to, ByteBuffer dst) {
        int at = dst.position();
        dst.put(at, src, from, to - from);
        dst.position(at + to - from);
    }

    static void crlf(ByteBuffer dst) {
        dst.put(CRLF);
    }

    static void number(ByteBuffer dst, long value) {
        long unit = 1;
        while (value / unit >= 10) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            dst.put((byte) ('0' + value / unit % 10));
        }
    }

    /** A byte as a percent-encoding. */
    static void percent(ByteBuffer dst, byte b) {
        dst.put((byte) '%').put(HEX[(b >> 4) & 0xF]).put(HEX[b & 0xF]);
    }

    /** A stretch of the target of a request: as it came, but for bytes beyond ASCII, which are percent-encoded. */
    static void target(RequestHead head, ByteBuffer src, int from, int to, ByteBuffer dst) {
        if (head.rawTargetBytes() == 0) {
            copy(src, from, to, dst);
            return;
        }
        for (int i = from; i < to; i++) {
            byte b = src.get(i);
            if (b < 0) {
                percent(dst, b);
            } else {
                dst.put(b);
            }
        }
    }

    /** The values of all fields of that name, folded into one list that is left open: ends with a comma unless it is empty. */
    static void fold(Head head, int known, ByteBuffer src, ByteBuffer dst) {
        for (int i = 0; i < head.fieldCount(); i++) {
            if (head.known(i) == known && head.valueStart(i) < head.valueEnd(i)) {
                copy(src, head.valueStart(i), head.valueEnd(i), dst);
                dst.put(COMMA);
            }
        }
    }
}
