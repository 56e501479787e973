// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines as bytes, one behind the other, up to a bound. A line that finds no room is as if it had never been begun. Once the buffer has grown,
 * nothing here allocates but {@link #utf8}.
 *
 * <p>Threading: none; whoever shares it has a lock.
 */
public final class LineBuffer {

    private static final int LEAST = 8 * 1024;

    private static final int LONGEST_NUMBER = 20;

    private final int capacity;
    private final MemoryBudget memory;
    private byte[] bytes;
    private int taken;
    private int length;
    private int whole;
    private boolean overrun;

    /**
     * Of a few KiB to begin with.
     *
     * @param capacity how many bytes it may hold
     * @param memory what it grows by is taken from there; what cannot be taken is no room
     */
    LineBuffer(int capacity, MemoryBudget memory) {
        this.capacity = capacity;
        this.memory = memory;
        this.bytes = new byte[Math.min(LEAST, capacity)];
    }

    /** Where the bytes of all lines are, from index 0 on; for the next call only. */
    byte[] bytes() {
        return bytes;
    }

    /** How many bytes whole lines have. */
    int length() {
        return whole;
    }

    boolean isEmpty() {
        return whole == 0;
    }

    /** Forgets all lines, and the room that only a rush needed. */
    void clear() {
        if (whole < bytes.length / 4 && bytes.length > LEAST) {
            resize(Math.max(LEAST, bytes.length / 2));
        }
        whole = 0;
        begin();
    }

    /** What was written since the last whole line is nothing. */
    void begin() {
        length = whole;
        overrun = false;
    }

    /** What was written is a line, if there was room for all of it; returns whether there was. */
    boolean end() {
        if (!overrun) {
            whole = length;
        }
        return !overrun;
    }

    /** Where it is, to come {@linkplain #backTo back} to. */
    public int mark() {
        return length;
    }

    /** What was written since that mark is nothing. */
    public void backTo(int mark) {
        length = mark;
    }

    /** Writes one byte. */
    public LineBuffer put(char ascii) {
        if (hasRoom(1)) {
            bytes[length++] = (byte) ascii;
        }
        return this;
    }

    /** Writes bytes as they are. */
    public LineBuffer put(byte[] some) {
        return put(some, some.length);
    }

    /** Writes the first of these bytes as they are. */
    public LineBuffer put(byte[] some, int count) {
        if (hasRoom(count)) {
            System.arraycopy(some, 0, bytes, length, count);
            length += count;
        }
        return this;
    }

    /** Writes text of ASCII. */
    public LineBuffer ascii(String text) {
        int count = text.length();
        if (hasRoom(count)) {
            for (int i = 0; i < count; i++) {
                bytes[length + i] = (byte) text.charAt(i);
            }
            length += count;
        }
        return this;
    }

    /** Writes any text. Allocates. */
    public LineBuffer utf8(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes each byte of the stretch as the table has it. */
    public LineBuffer put(ByteBuffer from, int start, int end, byte[][] table) {
        for (int i = start; i < end; i++) {
            put(table[from.get(i) & 0xFF]);
        }
        return this;
    }

    /** Writes each character as the table has the byte of that number; what is beyond one byte as {@code ?}. */
    public LineBuffer put(String text, byte[][] table) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            put(table[c < table.length ? c : '?']);
        }
        return this;
    }

    /** Writes a number in decimal digits. */
    public LineBuffer number(long value) {
        if (value < 0) {
            return value == Long.MIN_VALUE ? ascii("-9223372036854775808") : put('-').number(-value);
        }
        if (hasRoom(LONGEST_NUMBER)) {
            int digits = 1;
            for (long rest = value; rest > 9; rest /= 10) {
                digits++;
            }
            digits(value, digits);
        }
        return this;
    }

    /** Writes the last so many digits of a number, with zeros before it. */
    public LineBuffer padded(long value, int digits) {
        if (hasRoom(digits)) {
            digits(value, digits);
        }
        return this;
    }

    private void digits(long value, int digits) {
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private boolean hasRoom(int count) {
        if (overrun || count > capacity - length) {
            overrun = true;
            return false;
        }
        if (count > bytes.length - length) {
            overrun = !resize(Math.min(capacity, Math.max(2 * bytes.length, length + count)));
        }
        return !overrun;
    }

    private boolean resize(int size) {
        int more = size - bytes.length;
        if (more > 0 && !memory.tryTake(MemoryBudget.Use.SPARE, more)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, size);
        taken += more;
        if (more < 0) {
            memory.giveBack(-more);
        }
        return true;
    }

    /** Gives back what it has taken; it is of no use after that. */
    void release() {
        memory.giveBack(taken);
        taken = 0;
    }
}
