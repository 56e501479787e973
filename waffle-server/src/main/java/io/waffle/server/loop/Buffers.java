// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers to borrow, of three sizes: most heads fit a small one; bodies and large heads take a large one; and there are a few for bodies
 * that come faster than a large one holds. They are never given back to the system, so the memory they take is that of the busiest moment, which
 * the limit on connections bounds.
 *
 * <p>Threading: any thread. On a loop's own carrier the lock is never contended.
 */
public final class Buffers {

    /** Bytes of a small buffer. */
    public static final int SMALL = 16 * 1024;

    /** Bytes of a large one. */
    public static final int LARGE = 64 * 1024;

    /** Bytes of one for bulk: a quarter of the system calls, which is 12 % of the CPU time of replies of 1 MiB. */
    public static final int BULK = 256 * 1024;

    /** So many of those, or each slow client of a large body would hold a quarter of a megabyte. */
    private static final int MOST_BULK = 16;

    /** How far the beginnings of buffers made one after the other are moved apart, and how often before it starts anew. */
    private static final int STAGGER = 5 * 64;

    private static final int STAGGERS = 13;

    private final MemoryBudget memory;
    private final AtomicInteger made = new AtomicInteger();
    private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> bulk = new ArrayDeque<>();
    private final AtomicInteger bulkMade = new AtomicInteger();
    private final ArrayDeque<ByteBuffer> heap = new ArrayDeque<>();
    private final ArrayDeque<OpenSslPipe> pipes = new ArrayDeque<>();

    Buffers(MemoryBudget memory) {
        this.memory = memory;
    }

    /** What they are taken from. */
    public MemoryBudget memory() {
        return memory;
    }

    /** Borrows a small buffer, empty and ready to be filled. Give it back once. */
    public ByteBuffer small() {
        ByteBuffer buffer = poll(small);
        return buffer == null ? make(SMALL) : buffer;
    }

    /** Borrows a large one. */
    public ByteBuffer large() {
        ByteBuffer buffer = poll(large);
        return buffer == null ? make(LARGE) : buffer;
    }

    /** Borrows one for bulk; null if all there may be are lent. */
    public @Nullable ByteBuffer bulk() {
        ByteBuffer buffer = poll(bulk);
        boolean mayMake = buffer == null && bulkMade.getAndUpdate(made -> Math.min(made + 1, MOST_BULK)) < MOST_BULK;
        return mayMake ? make(BULK) : buffer;
    }

    /** Borrows one of the size of a large one that is not direct, for what works on arrays. */
    ByteBuffer heap() {
        ByteBuffer buffer = poll(heap);
        return buffer == null ? ByteBuffer.allocate(LARGE) : buffer;
    }

    /** Borrows a pipe for the ciphertext of a connection by OpenSSL. */
    OpenSslPipe pipe() {
        OpenSslPipe pipe;
        synchronized (pipes) {
            pipe = pipes.poll();
        }
        return pipe == null ? new OpenSslPipe() : pipe;
    }

    /** Takes a borrowed pipe back, empty. */
    void giveBack(OpenSslPipe pipe) {
        synchronized (pipes) {
            pipes.push(pipe);
        }
    }

    /** Takes a borrowed buffer back: it must not be used any more. */
    public void giveBack(ByteBuffer buffer) {
        ArrayDeque<ByteBuffer> shelf = shelf(buffer);
        synchronized (shelf) {
            shelf.push(buffer);
        }
    }

    /**
     * The host puts buffers of one size at one distance from another, a power of two and a little. Most messages touch no more than the
     * beginning of a buffer, and beginnings so placed would have to share a few sets of the processor's caches: they are staggered.
     */
    private ByteBuffer make(int size) {
        int offset = Math.floorMod(made.getAndIncrement(), STAGGERS) * STAGGER;
        return ByteBuffer.allocateDirect(STAGGERS * STAGGER + size).slice(offset, size);
    }

    private ArrayDeque<ByteBuffer> shelf(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return heap;
        }
        return switch (buffer.capacity()) {
            case SMALL -> small;
            case LARGE -> large;
            default -> bulk;
        };
    }

    private static @Nullable ByteBuffer poll(ArrayDeque<ByteBuffer> shelf) {
        synchronized (shelf) {
            ByteBuffer buffer = shelf.poll();
            return buffer == null ? null : buffer.clear();
        }
    }
}
