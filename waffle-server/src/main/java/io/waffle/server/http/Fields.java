// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.util.Arrays;

/** Where the field lines of a head are in its buffer, and which names they have. Grows once to the largest head of a connection. */
final class Fields {

    private static final int NAME_START = 0;
    private static final int NAME_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;
    private static final int STRIDE = 4;
    private static final int FEW = 16;

    private static final byte DROPPED = 1;
    private static final byte IRREGULAR = 2;

    private final short[] first = new short[FieldTable.COUNT];
    private int[] offsets = new int[STRIDE * FEW];
    private byte[] known = new byte[FEW];
    private byte[] marks = new byte[FEW];
    private long seen;
    private int count;
    private int irregular;

    void reset() {
        irregular = 0;
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
        return (marks[i] & DROPPED) != 0;
    }

    void drop(int i) {
        marks[i] |= DROPPED;
    }

    /** Whether the line may not be passed on as it came. */
    boolean isIrregular(int i) {
        return (marks[i] & IRREGULAR) != 0;
    }

    /** How many such lines there are, or more. */
    int irregularLines() {
        return irregular;
    }

    /** The line that is being read is not written as it should be, though it can be read in one way only. */
    void irregular() {
        marks[count] |= IRREGULAR;
        irregular++;
    }

    /** A line starts; until its value has ended it does not count. */
    void nameStarts(int at) {
        if (count == known.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
            known = Arrays.copyOf(known, 2 * known.length);
            marks = Arrays.copyOf(marks, 2 * marks.length);
        }
        marks[count] = 0;
        offsets[STRIDE * count + NAME_START] = at;
    }

    /** The name ends; {@code number} is what {@link FieldTable} makes of it. */
    void nameEnds(int at, int number) {
        offsets[STRIDE * count + NAME_END] = at;
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
