// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names in a buffer, compared without regard to letter case. A few are looked through one by one; many are found by a hash that nobody outside can know,
 * so that a thousand of them do not cost a million comparisons. Grows once to the most of a connection.
 */
final class NameSet {

    private static final int FEW = 4;
    private static final int SEED = ThreadLocalRandom.current().nextInt() | 1;

    private ByteBuffer buf = ByteBuffer.allocate(0);
    private int[] places = new int[2 * FEW];
    private int size;

    /** Indices of names, one more than they are; 0 is free. Empty until there are many. */
    private int[] table = {};

    /** Begins with none, of this buffer. */
    void clear(ByteBuffer in) {
        buf = in;
        size = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(int from, int to) {
        if (2 * size == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[2 * size] = from;
        places[2 * size + 1] = to;
        size++;
        if (size > FEW) {
            index();
        }
    }

    boolean has(int from, int to) {
        if (size > FEW) {
            return table[slot(from, to)] != 0;
        }
        for (int i = 0; i < size; i++) {
            if (isName(i, from, to)) {
                return true;
            }
        }
        return false;
    }

    /** Puts the last one into the table, or all of them if there was none, or one too small. */
    private void index() {
        int first = size - 1;
        if (size == FEW + 1 || table.length < 2 * size) {
            int length = Math.max(table.length, 4 * Integer.highestOneBit(size));
            if (length > table.length) {
                table = new int[length];
            } else {
                Arrays.fill(table, 0);
            }
            first = 0;
        }
        for (int i = first; i < size; i++) {
            table[slot(places[2 * i], places[2 * i + 1])] = i + 1;
        }
    }

    /** Where this name is in the table, or where it would be. */
    private int slot(int from, int to) {
        int hash = SEED;
        for (int i = from; i < to; i++) {
            hash = (hash ^ Ascii.lower(buf.get(i))) * 0x01000193;
            hash ^= hash >>> 15;
        }
        int at = hash & (table.length - 1);
        while (table[at] != 0 && !isName(table[at] - 1, from, to)) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    private boolean isName(int i, int from, int to) {
        return Ascii.same(buf, places[2 * i], places[2 * i + 1], from, to);
    }
}
