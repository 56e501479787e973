// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Buffers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffer a message is read into, its head from index 0, and whatever came with it behind. It is small until a head turns out not to fit;
 * the limit on heads is below the size of a large one.
 *
 * <p>While the head is read the buffer is in write mode; then, from {@link #startBody} on, in read mode.
 */
final class Intake {

    private final Buffers buffers;
    private @Nullable ByteBuffer buffer;

    Intake(Buffers buffers) {
        this.buffers = buffers;
    }

    /** Makes it empty. */
    void open() {
        if (buffer == null) {
            buffer = buffers.small();
        }
        buffer.clear();
    }

    ByteBuffer buffer() {
        if (buffer == null) {
            throw new IllegalStateException("not open");
        }
        return buffer;
    }

    /** How many bytes of a head that is still being read have come. */
    int received() {
        return buffer().position();
    }

    /** The buffer, with room for more of the head. */
    ByteBuffer room() {
        ByteBuffer full = buffer();
        if (!full.hasRemaining()) {
            buffer = buffers.large().put(full.flip());
            buffers.giveBack(full);
        }
        return buffer();
    }

    /** The head is whole: what was received behind it can be read. */
    void startBody(int headLength) {
        buffer().flip().position(headLength);
    }

    /** Goes on with the head of another message that was received behind this one. */
    void dropHead(int headLength) {
        startBody(headLength);
        buffer().compact();
    }

    /** Goes on with the head of the next message, which begins at the position of this buffer: its own, or one that takes its place. */
    @SuppressWarnings("ReferenceEquality") // which buffer it is matters, not what is in it
    void next(ByteBuffer rest) {
        if (rest != buffer()) {
            buffers.giveBack(buffer());
            buffer = rest;
        }
        rest.compact();
    }

    void close() {
        if (buffer != null) {
            buffers.giveBack(buffer);
            buffer = null;
        }
    }
}
