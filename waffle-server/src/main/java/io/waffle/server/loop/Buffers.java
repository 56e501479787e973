// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct buffers to borrow, of two sizes: most heads fit a small one; bodies and large heads take a large one. They are never given back to
 * the system, so the memory they take is that of the busiest moment, which the limit on connections bounds.
 *
 * <p>Threading: any thread. On a loop's own carrier the lock is never contended.
 */
public final class Buffers {

    /** Bytes of a small buffer. */
    public static final int SMALL = 16 * 1024;

    /** Bytes of a large one. */
    public static final int LARGE = 64 * 1024;

    private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();

    /** Borrows a small buffer, empty and ready to be filled. Give it back once. */
    public ByteBuffer small() {
        return take(small, SMALL);
    }

    /** Borrows a large one. */
    public ByteBuffer large() {
        return take(large, LARGE);
    }

    /** Takes a borrowed buffer back: it must not be used any more. */
    public void giveBack(ByteBuffer buffer) {
        ArrayDeque<ByteBuffer> shelf = buffer.capacity() == SMALL ? small : large;
        synchronized (shelf) {
            shelf.push(buffer);
        }
    }

    private static ByteBuffer take(ArrayDeque<ByteBuffer> shelf, int size) {
        ByteBuffer buffer;
        synchronized (shelf) {
            buffer = shelf.poll();
        }
        return buffer == null ? ByteBuffer.allocateDirect(size) : buffer.clear();
    }
}
