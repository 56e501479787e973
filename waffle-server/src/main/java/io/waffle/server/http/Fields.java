// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where the field lines of a head are in its buffer, and which names they have. Grows once to the largest head of a connection. */
final class Fields {

    private static final int NAME_START = 0;
    private static final int NAME_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;
    private static final int STRIDE = 4;
    private static final int FEW = 32;

    private final short[] first = new short[FieldTable.COUNT];
    private int[] offsets = new int[STRIDE * FEW];
    private byte[] known = new byte[FEW];
    private boolean[] dropped = new boolean[FEW];
    private long seen;
    private int count;

    void reset() {
        seen = 0;
        count = 0;
    }

    int count() {
        return count;
    }

    int nameStart(int i) {
        return offsets[STRIDE * i + NAME_START];
    }

    int nameEnd(int i) {
        return offsets[STRIDE * i + NAME_END];
    }

    int valueStart(int i) {
        return offsets[STRIDE * i + VALUE_START];
    }

    int valueEnd(int i) {
        return offsets[STRIDE * i + VALUE_END];
    }

    int known(int i) {
        return known[i];
    }

    boolean has(int knownField) {
        return (seen & (1L << knownField)) != 0;
    }

    int indexOf(int knownField) {
        return has(knownField) ? first[knownField] : -1;
    }

    boolean isDropped(int i) {
        return dropped[i];
    }

    void drop(int i) {
        dropped[i] = true;
    }

    /** A line starts; until its value has ended it does not count. */
    void nameStarts(int at) {
        if (count == known.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
            known = Arrays.copyOf(known, 2 * known.length);
            dropped = Arrays.copyOf(dropped, 2 * dropped.length);
        }
        dropped[count] = false;
        offsets[STRIDE * count + NAME_START] = at;
    }

    void nameEnds(ByteBuffer buf, int at) {
        offsets[STRIDE * count + NAME_END] = at;
        int number = FieldTable.of(buf, nameStart(count), at);
        known[count] = (byte) number;
        if (!has(number)) {
            seen |= 1L << number;
            first[number] = (short) count;
        }
    }

    void valueStarts(int at) {
        offsets[STRIDE * count + VALUE_START] = at;
    }

    /** The line is complete. */
    void valueEnds(int at) {
        offsets[STRIDE * count + VALUE_END] = at;
        count++;
    }
}
