// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Classes of bytes by table look-up, and comparisons over a stretch of a buffer. Absolute indices only; nothing allocates but {@link #text}. */
public final class Ascii {

    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SP = ' ';
    static final byte HTAB = '\t';

    /** {@code tchar} of RFC 9110 section 5.6.2. */
    static final int TOKEN = 1;
    /** What a field value may hold: HTAB, SP, VCHAR and obs-text (RFC 9110 section 5.5). */
    static final int VALUE = 2;
    /** What a request target may hold: VCHAR but {@code #}. */
    static final int TARGET = 4;
    /**
     * {@code unreserved} and {@code sub-delims} of RFC 3986, but for the comma: a reg-name without its percent-encodings. With commas a Host would be
     * a list to those who fold fields, and two readers could take two of its elements.
     */
    static final int REG_NAME = 8;

    static final int DIGIT = 16;
    static final int HEX = 32;

    /** Letters, digits and the dash: what nearly all field names are made of. */
    static final int PLAIN_NAME = 64;

    /** {@link #TARGET} but for {@code %}, {@code ;}, the backslash and {@code ?}: what needs no second look in a path. */
    static final int PLAIN_PATH = 128;

    private static final byte[] CLASSES = classes();

    private Ascii() {}

    static boolean is(int type, byte b) {
        return (CLASSES[b & 0xFF] & type) != 0;
    }

    static boolean isBlank(byte b) {
        return b == SP || b == HTAB;
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    /** The value of a hexadecimal digit, which the byte must be. */
    static int hex(byte b) {
        return b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10;
    }

    /** Whether the stretch is this text, which must be in lower case, letter case aside. */
    static boolean same(ByteBuffer buf, int from, int to, String lower) {
        if (to - from != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (lower(buf.get(from + i)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the stretch is this text, letter by letter. */
    static boolean is(ByteBuffer buf, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (buf.get(from + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the stretch is this text, whatever the letter case of either. */
    static boolean sameText(ByteBuffer buf, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char wanted = text.charAt(i);
            if (wanted > 0x7F || lower(buf.get(from + i)) != lower((byte) wanted)) {
                return false;
            }
        }
        return true;
    }

    /** As {@link #same(ByteBuffer, int, int, String)}, for bytes. */
    static boolean same(ByteBuffer buf, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (lower(buf.get(from + i)) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether two stretches of one buffer are the same, letter case aside. */
    static boolean same(ByteBuffer buf, int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(buf.get(from + i)) != lower(buf.get(otherFrom + i))) {
                return false;
            }
        }
        return true;
    }

    /** The first index at which the byte is, or {@code to}. */
    public static int indexOf(ByteBuffer buf, char b, int from, int to) {
        int at = from;
        while (at < to && buf.get(at) != b) {
            at++;
        }
        return at;
    }

    /** The first index not of the class, or {@code to}. */
    static int skip(int type, ByteBuffer buf, int from, int to) {
        int at = from;
        while (at < to && is(type, buf.get(at))) {
            at++;
        }
        return at;
    }

    /** As {@link #skip} with {@link #VALUE}, eight bytes at a time where none is a control: values are most of a head. */
    static int skipValue(ByteBuffer buf, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to && !hasControl(buf.getLong(at))) {
            at += Long.BYTES;
        }
        return skip(VALUE, buf, at, to);
    }

    public static int skipBlanks(ByteBuffer buf, int from, int to) {
        int at = from;
        while (at < to && isBlank(buf.get(at))) {
            at++;
        }
        return at;
    }

    /** The end of the stretch without the blanks at its end. */
    public static int trimEnd(ByteBuffer buf, int from, int to) {
        int at = to;
        while (at > from && isBlank(buf.get(at - 1))) {
            at--;
        }
        return at;
    }

    static String text(ByteBuffer buf, int from, int to) {
        byte[] bytes = new byte[to - from];
        buf.get(from, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /**
     * Whether one of eight bytes is below 0x20 or is 0x7F: subtracting borrows into the high bit of a byte that is smaller, if it was clear before.
     * A borrow may spoil the verdict on the next byte, but only after one that was hit already.
     */
    private static boolean hasControl(long bytes) {
        long del = bytes ^ 0x7F7F7F7F7F7F7F7FL;
        long hits = ((bytes - 0x2020202020202020L) & ~bytes) | ((del - 0x0101010101010101L) & ~del);
        return (hits & 0x8080808080808080L) != 0;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        mark(classes, TOKEN, "!#$%&'*+-.^_`|~");
        mark(classes, REG_NAME, "-._~!$&'()*+;=");
        for (char c = '0'; c <= '9'; c++) {
            classes[c] |= TOKEN | REG_NAME | DIGIT | HEX | PLAIN_NAME;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            classes[c] |= TOKEN | REG_NAME | PLAIN_NAME;
            classes[c - 'a' + 'A'] |= TOKEN | REG_NAME | PLAIN_NAME;
        }
        classes['-'] |= PLAIN_NAME;
        mark(classes, HEX, "abcdefABCDEF");
        for (int c = 0x20; c < 0x100; c++) {
            classes[c] |= VALUE;
        }
        classes[HTAB] |= VALUE;
        classes[0x7F] = 0;
        for (int c = 0x21; c < 0x7F; c++) {
            boolean plain = c != '%' && c != ';' && c != '\\' && c != '?';
            classes[c] |= (byte) (plain ? TARGET | PLAIN_PATH : TARGET);
        }
        classes['#'] &= (byte) ~(TARGET | PLAIN_PATH);
        return classes;
    }

    private static void mark(byte[] classes, int type, String chars) {
        for (int i = 0; i < chars.length(); i++) {
            classes[chars.charAt(i)] |= (byte) type;
        }
    }
}
