// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

/** A set of bytes. Immutable. */
record ByteSet(long a, long b, long c, long d) {

    static final ByteSet NONE = new ByteSet(0, 0, 0, 0);
    static final ByteSet ALL = new ByteSet(-1, -1, -1, -1);

    static ByteSet of(char one) {
        return NONE.with(one, one);
    }

    /** This and all of [from, to]. */
    ByteSet with(char from, char to) {
        long[] words = {a, b, c, d};
        for (int i = from; i <= to; i++) {
            words[i >> 6] |= 1L << (i & 63);
        }
        return new ByteSet(words[0], words[1], words[2], words[3]);
    }

    ByteSet inverse() {
        return new ByteSet(~a, ~b, ~c, ~d);
    }

    boolean has(byte value) {
        long word =
                switch ((value >> 6) & 3) {
                    case 0 -> a;
                    case 1 -> b;
                    case 2 -> c;
                    default -> d;
                };
        return (word >>> (value & 63) & 1) != 0;
    }

    /** The one byte it holds, or -1. */
    int single() {
        if (Long.bitCount(a) + Long.bitCount(b) + Long.bitCount(c) + Long.bitCount(d) != 1) {
            return -1;
        }
        int high = a != 0 ? 0 : b != 0 ? 64 : c != 0 ? 128 : 192;
        return high + Long.numberOfTrailingZeros(a | b | c | d);
    }
}
