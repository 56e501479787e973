// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Buffers;
import java.nio.ByteBuffer;

/**
 * The buffer a message is read into, its head from index 0, and whatever came with it behind. It is borrowed when bytes are about to be read,
 * begins small, and grows with a head that turns out not to fit; the limit on heads is below the size of a large one.
 *
 * <p>While the head is read the buffer is in write mode; then, from {@link #startBody} on, in read mode.
 */
final class Intake {

    private final Buffers buffers;
    private ByteBuffer buffer = Buffers.NONE;

    Intake(Buffers buffers) {
        this.buffers = buffers;
    }

    /** Begins in a tiny buffer, if there is one for what begins now. */
    boolean tryOpen() {
        ByteBuffer tiny = buffers.tiny();
        if (tiny == null) {
            return false;
        }
        replace(tiny);
        return true;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** How many bytes of a head that is still being read have come. */
    int received() {
        return buffer.position();
    }

    /** What has come. */
    byte[] copy() {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    /** The buffer, with room for more of the head. */
    ByteBuffer room() {
        if (!buffer.hasRemaining()) {
            replace((buffer.capacity() < Buffers.SMALL ? buffers.small() : buffers.large()).put(buffer.flip()));
        }
        return buffer;
    }

    /** Gives the buffer back unless something has come. */
    void settle() {
        if (buffer.position() == 0) {
            close();
        }
    }

    /** The head is whole: what was received behind it can be read. */
    void startBody(int headLength) {
        buffer.flip().position(headLength);
    }

    /** Goes on with the head of another message that was received behind this one. */
    void dropHead(int headLength) {
        startBody(headLength);
        buffer.compact();
        settle();
    }

    /** Keeps only so many bytes from index 0 on, for long, in a place of their own on the heap: a buffer is many times larger than most heads. */
    void shrink(int length) {
        byte[] kept = new byte[length];
        buffer.get(0, kept);
        replace(ByteBuffer.wrap(kept));
    }

    /** Moves all there is, in read mode, to a place of its own on the heap with so much room behind it; returns that. */
    ByteBuffer moveToHeap(int room) {
        int end = buffer.limit();
        ByteBuffer to = ByteBuffer.allocate(end + room).put(0, buffer, 0, end);
        replace(to.limit(end).position(buffer.position()));
        return to;
    }

    /** Hands the buffer over: whoever takes it gives it back. */
    ByteBuffer take() {
        ByteBuffer taken = buffer;
        buffer = Buffers.NONE;
        return taken;
    }

    /** Goes on with the head of the next message, which begins at the position of this buffer: its own, or a borrowed one that takes its place. */
    void next(ByteBuffer rest) {
        replace(rest);
        rest.compact();
    }

    /**
     * Forgets an empty line, if that is all that has come: old clients send one behind a body (RFC 9112 section 2.2), and it begins no request.
     *
     * @return how many bytes there are then
     */
    int skipEmptyLine() {
        if (received() == 2 && buffer.get(0) == '\r' && buffer.get(1) == '\n') {
            buffer.clear();
        }
        return received();
    }

    /** Gives back what was borrowed. */
    void close() {
        replace(Buffers.NONE);
    }

    @SuppressWarnings("ReferenceEquality") // which buffer it is matters, not what is in it
    private void replace(ByteBuffer by) {
        ByteBuffer former = buffer;
        buffer = by;
        if (former != by) {
            buffers.giveBack(former);
        }
    }
}
