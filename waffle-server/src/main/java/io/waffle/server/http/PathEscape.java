// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/**
 * Whether a path leads out of the folder it is put behind, by any reading that is usual somewhere: dot segments as they are or percent-encoded,
 * once or again and again ({@code %252e}, {@code %25%32%65}), or in too long a UTF-8 form ({@code %c0%ae}); {@code %2f} and {@code %5c} as separators or not; empty
 * segments that count or do not; parameters behind a {@code ;} and blanks that are cut off.
 *
 * <p>It adds up how deep the path is at least: a segment goes one down only if it does so by every reading, and one up if it does by any. So it may
 * refuse what no server would take amiss, but passes nothing that one does. Not thread-safe.
 */
final class PathEscape {

    /** A slash that was one from the beginning. No other byte can be decoded to it: {@code %00} is refused, and what was encoded twice is {@link #CUT}. */
    private static final byte SLASH = 0;

    private static final byte CUT = ';';
    private static final int GOES_UP = 2;

    private byte[] text = {};
    private int length;

    /** The depth within a segment, with encoded separators taken for separators. */
    private int inner;

    private int innerLeast;

    /** The depth a segment leads to by the reading that leads highest. */
    private int highest;

    private int dots;
    private boolean named;
    private boolean cut;

    /** Whether [from, to), a path that begins with a slash or is empty, leads out. */
    boolean leads(ByteBuffer path, int from, int to) {
        if (isPlain(path, from, to)) {
            return false;
        }
        decode(path, from, to);
        int depth = 0;
        int at = 0;
        while (at < length) {
            at = segment(at);
            if (depth + innerLeast < 0) {
                return true;
            }
            depth += Math.min(highest, inner);
        }
        return false;
    }

    private static boolean isPlain(ByteBuffer path, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = path.get(i);
            if (b == '%' || b < 0 || (b == '.' && i + 1 < to && path.get(i + 1) == '.')) {
                return false;
            }
        }
        return true;
    }

    /** Reads to the next slash; returns where the next segment begins. */
    private int segment(int from) {
        inner = 0;
        innerLeast = 0;
        highest = Integer.MAX_VALUE;
        beginPart();
        int at = from;
        while (at < length && text[at] != SLASH) {
            take(text[at++]);
        }
        endPart();
        return at + 1;
    }

    private void take(byte b) {
        if (b == '/' || b == '\\') {
            endPart();
            highest = Math.min(highest, 1); // to those who see no separator here the segment is one name
        } else if (b == CUT || b == '?' || b == '#') {
            highest = Math.min(highest, inner + step()); // to those who cut here, before they decode
            innerLeast = Math.min(innerLeast, highest);
            cut = true;
        } else if (!cut && b == '.') {
            dots++;
        } else if (!cut && (b > ' ' || b < 0)) {
            named = true;
        }
    }

    private void beginPart() {
        dots = 0;
        named = false;
        cut = false;
    }

    private void endPart() {
        inner += step();
        innerLeast = Math.min(innerLeast, inner);
        beginPart();
    }

    private int step() {
        if (named || dots > GOES_UP) {
            return 1;
        }
        return dots == GOES_UP ? -1 : 0;
    }

    /** Decodes until there is nothing left to decode, in one go: what becomes a triplet by decoding is decoded, too. */
    private void decode(ByteBuffer path, int from, int to) {
        if (text.length < to - from) {
            text = new byte[to - from];
        }
        length = 0;
        for (int i = from; i < to; i++) {
            byte b = path.get(i);
            text[length++] = b == '/' ? SLASH : b;
            while (endsWithTriplet()) {
                int decoded = (Ascii.hex(text[length - 2]) << 4) | Ascii.hex(text[length - 1]);
                length -= 2;
                text[length - 1] = decoded == SLASH ? CUT : (byte) decoded;
            }
            shorten();
        }
    }

    private boolean endsWithTriplet() {
        return length >= 3
                && text[length - 3] == '%'
                && Ascii.is(Ascii.HEX, text[length - 2])
                && Ascii.is(Ascii.HEX, text[length - 1]);
    }

    /** Takes UTF-8 of two bytes, or three, for the ASCII character that some decoders see in it. */
    private void shorten() {
        if (length < 2 || (text[length - 1] & 0xC0) != 0x80) {
            return;
        }
        int last = text[length - 1] & 0x3F;
        int before = text[length - 2] & 0xFF;
        if (before == 0xC0 || before == 0xC1) {
            put(2, ((before & 1) << 6) | last);
        } else if (length >= 3 && (text[length - 3] & 0xFF) == 0xE0 && (before & 0xFE) == 0x80) {
            put(3, ((before & 1) << 6) | last);
        }
    }

    private void put(int inPlaceOf, int ascii) {
        length -= inPlaceOf - 1;
        text[length - 1] = ascii == SLASH ? CUT : (byte) ascii;
    }
}
