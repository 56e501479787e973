// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes eight at a time. Hashes of them are for tables whose keys were there before any request: what a request brings can miss, and is compared byte for
 * byte where it hits, so nobody can make a chain longer.
 */
final class Words {

    /** Bytes to have behind what is read. */
    static final int PADDING = Long.BYTES;

    static final long SEED = 0x9E37_79B9_7F4A_7C15L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long FACTOR = 0xD6E8_FEB8_6659_FD93L;

    private Words() {}

    /** Eight bytes, the first the lowest. */
    static long at(byte[] bytes, int index) {
        return (long) LONGS.get(bytes, index);
    }

    /** The lowest bytes of a word, less than eight. */
    static long low(long word, int count) {
        return word & ((1L << (count << 3)) - 1);
    }

    /** A word with this byte everywhere. */
    static long all(char b) {
        return ONES * b;
    }

    /** The high bit of each byte that is 0; above the first such byte also that of a 1. */
    static long zeros(long word) {
        return (word - ONES) & ~word & HIGHS;
    }

    static long mix(long hash, long word) {
        long mixed = (hash ^ word) * FACTOR;
        return mixed ^ mixed >>> 32;
    }

    /** Takes in the bytes, and how many they are. */
    static long hash(byte[] bytes, int from, int to) {
        long hash = SEED;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = mix(hash, at(bytes, at));
        }
        return mix(hash, low(at(bytes, at), to - at) ^ (long) (to - from) << 56);
    }
}
