// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Small numbers for the names that some route wants to know the value of, found by their bytes. Immutable. */
final class NameTable {

    private final List<String> names;
    private final byte[][] bytes;
    private final int[] slots;

    /** A bit for each length of a name; the last for all longer ones. Most names are told apart by it. */
    private final long lengths;

    /** @param names each once */
    NameTable(Collection<String> names) {
        this.names = List.copyOf(names);
        bytes = this.names.stream().map(PathCheck::bytes).toArray(byte[][]::new);
        slots = new int[Integer.highestOneBit(Math.max(1, names.size())) * 4];
        Arrays.fill(slots, -1);
        long bits = 0;
        for (int i = 0; i < bytes.length; i++) {
            bits |= lengthBit(bytes[i].length);
            put(i);
        }
        lengths = bits;
    }

    int size() {
        return bytes.length;
    }

    String name(int number) {
        return names.get(number);
    }

    boolean hasLength(int length) {
        return (lengths & lengthBit(length)) != 0;
    }

    /** The number of a name, or -1. */
    int find(String name) {
        byte[] in = PathCheck.bytes(name);
        return find(in, 0, in.length);
    }

    /** The number of the name at [from, to), or -1. */
    int find(byte[] in, int from, int to) {
        int mask = slots.length - 1;
        int slot = hash(in, from, to) & mask;
        while (slots[slot] >= 0) {
            byte[] name = bytes[slots[slot]];
            if (Arrays.equals(in, from, to, name, 0, name.length)) {
                return slots[slot];
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    private void put(int number) {
        int mask = slots.length - 1;
        int slot = hash(bytes[number], 0, bytes[number].length) & mask;
        while (slots[slot] >= 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = number;
    }

    private static long lengthBit(int length) {
        return 1L << Math.min(length, Long.SIZE - 1);
    }

    private static int hash(byte[] in, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + in[i];
        }
        return hash ^ hash >>> 15;
    }
}
