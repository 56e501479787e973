// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds the tokens that the cookies of one name hold in the head of a request, in place. A token is 128 bits, written as 22 digits of base64url
 * (RFC 4648 section 5). What is none, and any other cookie however ill its form, is passed over: a client is not refused for its cookies. Not
 * thread-safe.
 */
public final class CookieTokens {

    private static final int DIGITS = 22;
    private static final byte[] VALUES = values();

    private final RequestHead head;
    private byte[] name = {};
    private int field;
    private int at;
    private int end;
    private long high;
    private long low;

    public CookieTokens(RequestHead head) {
        this.head = head;
    }

    /** Goes to before the first token in cookies of this name. The array is kept, not copied. */
    public void begin(byte[] name) {
        this.name = name;
        int first = head.indexOf(KnownField.COOKIE);
        enter(first < 0 ? head.fieldCount() : first);
    }

    /** Goes to the next token; false if there is no other. */
    public boolean next() {
        while (field < head.fieldCount()) {
            while (at < end) {
                int from = at;
                int to = Ascii.indexOf(head.buf(), ';', from, end);
                at = to + 1;
                if (read(head.buf(), from, to)) {
                    return true;
                }
            }
            enter(nextField());
        }
        return false;
    }

    /** The first half of the token. */
    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    private int nextField() {
        int next = field + 1;
        while (next < head.fieldCount() && head.known(next) != KnownField.COOKIE) {
            next++;
        }
        return next;
    }

    private void enter(int number) {
        field = number;
        if (number < head.fieldCount()) {
            at = head.valueStart(number);
            end = head.valueEnd(number);
        }
    }

    private boolean read(ByteBuffer buf, int start, int stop) {
        int from = Ascii.skipBlanks(buf, start, stop);
        int value = from + name.length + 1;
        return Ascii.trimEnd(buf, from, stop) - value == DIGITS
                && buf.get(value - 1) == '='
                && hasName(buf, from)
                && decode(buf, value);
    }

    /** Names of cookies differ by their letter case, too. */
    private boolean hasName(ByteBuffer buf, int from) {
        for (int i = 0; i < name.length; i++) {
            if (buf.get(from + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean decode(ByteBuffer buf, int from) {
        long upper = 0;
        long lower = 0;
        for (int i = 0; i < DIGITS - 1; i++) {
            int digit = VALUES[buf.get(from + i) & 0xFF];
            if (digit < 0) {
                return false;
            }
            upper = upper << 6 | lower >>> 58;
            lower = lower << 6 | digit;
        }
        int last = VALUES[buf.get(from + DIGITS - 1) & 0xFF];
        high = upper << 2 | lower >>> 62;
        low = lower << 2 | last >>> 4;
        return last >= 0 && (last & 0xF) == 0; // a token is written in one way only
    }

    private static byte[] values() {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < digits.length(); i++) {
            values[digits.charAt(i)] = (byte) i;
        }
        return values;
    }
}
