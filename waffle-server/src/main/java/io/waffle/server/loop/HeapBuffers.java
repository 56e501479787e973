// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import io.waffle.server.loop.MemoryBudget.Use;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Buffers on the heap, for what works on arrays: large ones to move bytes with, and smaller ones for a part of a TLS record that waits for the
 * rest. They are borrowed, taken from the budget and given back as all {@link Buffers} are, only that the collector gets what is not kept.
 *
 * <p>Threading: any thread.
 */
public final class HeapBuffers {

    /** Bytes of a large one. */
    public static final int LARGE = Buffers.LARGE;

    /** Bytes of one for a part of any record: 5 of its head, 16 KiB, and what protection may add (RFC 5246 section 6.2.3). */
    public static final int RECORD = 5 + 16 * 1024 + 2048;

    private final MemoryBudget memory;
    private final long mayKeep;
    private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> records = new ArrayDeque<>();

    HeapBuffers(MemoryBudget memory, long mayKeep) {
        this.memory = memory;
        this.mayKeep = mayKeep;
    }

    /**
     * Borrows a large one, empty.
     *
     * @throws MemoryShortage if there is none, though it was waited for
     */
    public ByteBuffer borrow(Use use) {
        ByteBuffer buffer = poll(large);
        return buffer == null ? Buffers.await(() -> borrow(large, LARGE, use), LARGE) : buffer;
    }

    /** Takes one back: it must not be used any more. */
    public void giveBack(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return;
        }
        int size = buffer.capacity();
        ArrayDeque<ByteBuffer> shelf = size == LARGE ? large : records;
        synchronized (shelf) {
            if ((long) shelf.size() * size <= mayKeep) {
                shelf.push(buffer);
                return;
            }
        }
        memory.giveBack(size);
    }

    /** For a wait: what is to be read in this one, which is given back, in one of the size of a record, if that holds it and there is one. */
    @Nullable
    public ByteBuffer settled(@Nullable ByteBuffer from) {
        if (from == null || from.capacity() == RECORD || from.remaining() > RECORD) {
            return from;
        }
        ByteBuffer to = borrow(records, RECORD, Use.WORK);
        return to == null ? from : moved(from, to).flip();
    }

    /** What is to be read in this one at the beginning of a large one, which more is to be put into. */
    public ByteBuffer roomy(ByteBuffer from) {
        return from.capacity() == LARGE ? from.compact() : moved(from, borrow(Use.WORK));
    }

    private ByteBuffer moved(ByteBuffer from, ByteBuffer to) {
        to.put(from);
        giveBack(from);
        return to;
    }

    private @Nullable ByteBuffer borrow(ArrayDeque<ByteBuffer> shelf, int size, Use use) {
        ByteBuffer buffer = poll(shelf);
        return buffer == null && memory.tryTake(use, size) ? ByteBuffer.allocate(size) : buffer;
    }

    private static @Nullable ByteBuffer poll(ArrayDeque<ByteBuffer> shelf) {
        synchronized (shelf) {
            ByteBuffer buffer = shelf.poll();
            return buffer == null ? null : buffer.clear();
        }
    }
}
