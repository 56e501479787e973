// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

/**
 * A path as some backend may read it: {@code %2F} and {@code %5C} are separators, {@code ;} and what follows in a segment is dropped, triplets are decoded until there
 * are none left ({@code %252e}), letters in too long a UTF-8 form are letters ({@code %c0%ae}), and dot segments are resolved (RFC 3986 section 5.2.4). What comes out
 * is in canonical form again, so it can be routed like the path itself.
 *
 * <p>Not thread-safe; allocates only for a path longer than all before.
 */
final class PathReading {

    /** An encoded slash separates. */
    static final int SLASH = 1;
    /** An encoded backslash separates. */
    static final int BACKSLASH = 2;
    /** A semicolon begins parameters, which are dropped. */
    static final int PARAMETERS = 4;
    /** What decoding leaves is decoded again. */
    static final int AGAIN = 8;

    static final int ALL = SLASH | BACKSLASH | PARAMETERS | AGAIN;

    /** Empty segments are none; else {@code ..} takes one of them away, as RFC 3986 has it. */
    static final int MERGED = 16;

    private static final int NONE = -1;

    private byte[] decoded = {};
    private byte[] bytes = {};
    private int length;
    private int segment;
    private boolean dropping;
    private int how;
    private int found;
    private boolean climbs;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Which of the ways of reading made a difference. */
    int found() {
        return found;
    }

    /** Whether there was a {@code ..} to resolve. */
    boolean climbs() {
        return climbs;
    }

    /** Reads a path as it came, of which the triplets are whole, in the ways given. */
    void read(byte[] raw, int rawLength, int ways) {
        how = ways;
        found = 0;
        climbs = false;
        if (bytes.length < 3 * rawLength + 1 + Words.PADDING) {
            decoded = new byte[rawLength];
            bytes = new byte[3 * rawLength + 1 + Words.PADDING];
        }
        int count = decode(raw, rawLength);
        bytes[0] = '/';
        length = 1;
        segment = 1;
        dropping = false;
        int at = count > 0 && decoded[0] == '/' ? 1 : 0;
        while (at < count) {
            at = take(at, count);
        }
        endSegment();
        if ((how & MERGED) == 0) {
            merge();
        }
    }

    /** Undoes what was encoded more than once, if that is asked for; what becomes a triplet by decoding is decoded, too. */
    private int decode(byte[] raw, int rawLength) {
        int count = 0;
        for (int i = 0; i < rawLength; i++) {
            decoded[count++] = raw[i];
            while ((how & AGAIN) != 0 && endsWithTriplet(count)) {
                byte octet = triplet(count - 3);
                if (octet != '%' && !CanonicalPath.isUnreserved(octet)) {
                    break;
                }
                found |= octet == '%' ? AGAIN : 0;
                count -= 2;
                decoded[count - 1] = octet;
            }
        }
        return count;
    }

    private boolean endsWithTriplet(int count) {
        return count >= 3 && isTriplet(count - 3, count);
    }

    private boolean isTriplet(int at, int count) {
        return at + 2 < count
                && decoded[at] == '%'
                && CanonicalPath.isHex(decoded[at + 1])
                && CanonicalPath.isHex(decoded[at + 2]);
    }

    private byte triplet(int at) {
        return (byte) (CanonicalPath.hex(decoded[at + 1]) << 4 | CanonicalPath.hex(decoded[at + 2]));
    }

    /** Takes what stands at a place; returns the next. */
    private int take(int at, int count) {
        byte b = decoded[at];
        if (b == '/') {
            separate();
            return at + 1;
        }
        if (b > 0 && b != '%' && b != ';') {
            add(b);
            return at + 1;
        }
        int octet = octet(at, count);
        int next = after(at, count);
        int overlong = (how & AGAIN) == 0 ? NONE : overlong(octet, next, count);
        if (overlong != NONE) {
            found |= AGAIN;
            next = after(next, count);
            next = octet == 0xE0 ? after(next, count) : next;
            octet = overlong;
        }
        takeOctet((byte) octet, b == ';');
        return next;
    }

    private void takeOctet(byte octet, boolean bare) {
        if (octet == '/' && is(SLASH)) {
            separate();
        } else if (octet == '\\' && is(BACKSLASH)) {
            separate();
        } else if (octet == ';' && is(PARAMETERS)) {
            dropping = true;
        } else if (bare || CanonicalPath.isUnreserved(octet)) {
            add(octet);
        } else if (!dropping) {
            length = CanonicalPath.encode(octet, bytes, length);
        }
    }

    private boolean is(int way) {
        found |= way;
        return (how & way) != 0;
    }

    private int octet(int at, int count) {
        if (at >= count) {
            return NONE;
        }
        return isTriplet(at, count) ? triplet(at) & 0xFF : decoded[at] & 0xFF;
    }

    private int after(int at, int count) {
        return isTriplet(at, count) ? at + 3 : at + 1;
    }

    /** The ASCII character that some see in two or three bytes of UTF-8 of which the shortest form is one. */
    private int overlong(int octet, int next, int count) {
        if (octet != 0xC0 && octet != 0xC1 && octet != 0xE0) {
            return NONE;
        }
        int second = octet(next, count);
        if (octet != 0xE0) {
            return isContinuation(second) ? (octet & 1) << 6 | (second & 0x3F) : NONE;
        }
        int third = octet(after(next, count), count);
        return (second & ~1) == 0x80 && isContinuation(third) ? (second & 1) << 6 | (third & 0x3F) : NONE;
    }

    private static boolean isContinuation(int octet) {
        return octet != NONE && (octet & 0xC0) == 0x80;
    }

    private void add(byte b) {
        if (!dropping) {
            bytes[length++] = b;
        }
    }

    private void separate() {
        boolean dots = endSegment();
        if (!dots && (length > segment || (how & MERGED) == 0)) {
            bytes[length++] = '/';
        }
        segment = length;
    }

    /** Whether it was a dot segment, which is gone by now. */
    private boolean endSegment() {
        dropping = false;
        int size = length - segment;
        if (size == 0 || size > 2 || bytes[segment] != '.' || bytes[length - 1] != '.') {
            return false;
        }
        length = segment;
        if (size == 2) {
            climbs = true;
            climb();
        }
        return true;
    }

    private void climb() {
        if (length > 1) {
            length--;
            while (bytes[length - 1] != '/') {
                length--;
            }
        }
    }

    private void merge() {
        int to = 1;
        for (int i = 1; i < length; i++) {
            if (bytes[i] != '/' || bytes[to - 1] != '/') {
                bytes[to++] = bytes[i];
            }
        }
        length = to;
    }
}
