// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

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
    private final ArrayDeque<ByteBuffer> heap = new ArrayDeque<>();
    private final ArrayDeque<OpenSslPipe> pipes = new ArrayDeque<>();

    /** Borrows a small buffer, empty and ready to be filled. Give it back once. */
    public ByteBuffer small() {
        ByteBuffer buffer = poll(small);
        return buffer == null ? ByteBuffer.allocateDirect(SMALL) : buffer;
    }

    /** Borrows a large one. */
    public ByteBuffer large() {
        ByteBuffer buffer = poll(large);
        return buffer == null ? ByteBuffer.allocateDirect(LARGE) : buffer;
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

    private ArrayDeque<ByteBuffer> shelf(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return heap;
        }
        return buffer.capacity() == SMALL ? small : large;
    }

    private static @Nullable ByteBuffer poll(ArrayDeque<ByteBuffer> shelf) {
        synchronized (shelf) {
            ByteBuffer buffer = shelf.poll();
            return buffer == null ? null : buffer.clear();
        }
    }
}
