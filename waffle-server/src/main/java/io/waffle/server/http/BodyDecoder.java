// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/**
 * Finds the content of a message among the bytes that frame it, in place: it says how many bytes at the buffer's position are content, and
 * the caller takes them from there. Never goes past the end of the message. Not thread-safe; one object serves one connection direction.
 *
 * <pre>
 *     int n;
 *     while ((n = decoder.next(buf)) > 0) {
 *         int k = take at most n bytes at buf.position(), and advance it by as many;
 *         decoder.taken(k);
 *     }
 *     if (!decoder.ended()) read more
 * </pre>
 */
public final class BodyDecoder {

    private enum State {
        CHUNK_LINE,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        UNTIL_CLOSE,
        ENDED
    }

    private final ChunkLine chunkLine;
    private final TrailerSection trailers;

    private State state = State.ENDED;
    private boolean chunked;
    private long left;
    private long contentBytes;

    public BodyDecoder(TrailerRules rules) {
        chunkLine = new ChunkLine(!rules.ofRequest());
        trailers = new TrailerSection(rules);
    }

    /**
     * Starts with a message.
     *
     * @param length the content's length if the framing is {@link Framing#LENGTH}; otherwise ignored
     */
    public void begin(Framing framing, long length) {
        if (framing == Framing.LENGTH && length < 0) {
            throw new IllegalArgumentException("length: " + length + " (expected: 0 or more)");
        }
        chunkLine.reset();
        trailers.reset();
        chunked = framing == Framing.CHUNKED;
        left = 0;
        contentBytes = 0;
        state = switch (framing) {
            case NONE -> State.ENDED;
            case LENGTH -> length == 0 ? State.ENDED : State.DATA;
            case CHUNKED -> State.CHUNK_LINE;
            case CLOSE -> State.UNTIL_CLOSE;
        };
        if (framing == Framing.LENGTH) {
            left = length;
        }
    }

    /**
     * Consumes what frames the content at the buffer's position, and says how many bytes of content are there now. 0 means that the message
     * has {@link #ended}, or that there is nothing more in the buffer. Repeating the call without taking anything gives the same.
     */
    public int next(ByteBuffer buf) throws HeadException {
        while (true) {
            switch (state) {
                case DATA -> {
                    return (int) Math.min(left, buf.remaining());
                }
                case UNTIL_CLOSE -> {
                    return buf.remaining();
                }
                case ENDED -> {
                    return 0;
                }
                default -> {
                    if (!buf.hasRemaining()) {
                        return 0;
                    }
                    frame(buf.get());
                }
            }
        }
    }

    /** The caller has taken so many bytes of content, and moved the buffer's position past them. */
    public void taken(int bytes) {
        contentBytes += bytes;
        if (state == State.DATA) {
            if (bytes > left) {
                throw new IllegalArgumentException("taken: " + bytes + " (expected: at most " + left + ")");
            }
            left -= bytes;
            if (left == 0) {
                state = chunked ? State.DATA_CR : State.ENDED;
            }
        }
    }

    /** The sender has closed: true if the message is whole by that, false if it broke off. */
    public boolean endOfInput() {
        if (state == State.UNTIL_CLOSE) {
            state = State.ENDED;
        }
        return ended();
    }

    /** Whether the message's last byte has been consumed. */
    public boolean ended() {
        return state == State.ENDED;
    }

    /** Bytes of content taken so far. */
    public long contentBytes() {
        return contentBytes;
    }

    /** Content that is still to come by what is known now: of the message if its length is, else of the current chunk. */
    public long left() {
        return left;
    }

    /** The trailer lines that may be passed on, each with its CRLF; empty if none. Good until {@link #begin}. */
    public ByteBuffer trailers() {
        return trailers.lines();
    }

    /** Length of the trailer lines that may be passed on. */
    public int trailersSize() {
        return trailers.size();
    }

    /**
     * Appends the trailer lines that may be passed on.
     *
     * @throws java.nio.BufferOverflowException if fewer than {@link #trailersSize} bytes remain
     */
    public void writeTrailers(ByteBuffer dst) {
        trailers.writeTo(dst);
    }

    private void frame(byte b) throws HeadException {
        switch (state) {
            case CHUNK_LINE -> {
                if (chunkLine.next(b)) {
                    left = chunkLine.size();
                    state = left == 0 ? State.TRAILERS : State.DATA;
                    chunkLine.reset();
                }
            }
            case DATA_CR -> state = expect(b, Ascii.CR, State.DATA_LF);
            case DATA_LF -> state = expect(b, Ascii.LF, State.CHUNK_LINE);
            case TRAILERS -> {
                if (trailers.next(b)) {
                    state = State.ENDED;
                }
            }
            default -> throw new AssertionError("no framing byte is due in " + state);
        }
    }

    private static State expect(byte b, byte expected, State next) throws HeadException {
        if (b != expected) {
            throw HeadException.bad("chunk: not followed by CRLF");
        }
        return next;
    }
}
