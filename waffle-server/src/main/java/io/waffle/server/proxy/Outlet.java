// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to a channel: heads, content and its end, in the framing of that side, which nobody else has to know. Heads, framing and short runs of content are staged in one buffer, borrowed as long as something is in it,
 * so that they leave in one write; a long run is not copied but lent from the buffer it was read into, and written behind what is staged in the
 * same system call.
 */
final class Outlet {

    /** A run longer than this is lent, not copied: by then a gathering write costs less than the copy. */
    static final int COPIED = 8 * 1024;

    /** Room a chunk's own framing takes around its data. */
    private static final int CHUNK_FRAMING = 24;

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final ByteBuffer TAIL = ByteBuffer.allocateDirect(2).put(CRLF);

    private final ByteBuffer tail = TAIL.duplicate(); // written behind a lent run of a chunk
    private final ByteBuffer[] parts = new ByteBuffer[3];
    private final Buffers buffers;
    private ByteBuffer staging = Buffers.NONE;
    private @Nullable Channel channel;
    private @Nullable ByteBuffer lent;
    private int lentLimit;
    private long written;
    private boolean chunked;
    private boolean held; // the channel has taken over all there was, and some of that has not left

    Outlet(Buffers buffers) {
        this.buffers = buffers;
    }

    /**
     * Starts anew for a text of our own of so many bytes, which is sent also when memory is short: it is little, and ends what takes more.
     */
    void openForOwn(Channel to, int room) {
        close();
        channel = to;
        staging = ByteBuffer.allocate(room);
        written = 0;
    }

    /** Starts anew, with room for a head of so many bytes, a large buffer's at most: what is staged goes to this channel. */
    void open(Channel to, int room) {
        close();
        channel = to;
        staging = room <= Buffers.SMALL ? buffers.small() : buffers.large();
        written = 0;
    }

    /** How content leaves from now on: in chunks (RFC 9112 section 7.1), or as it is. */
    void inChunks(boolean inChunks) {
        chunked = inChunks;
    }

    boolean isInChunks() {
        return chunked;
    }

    /** Where heads are written to, in write mode. */
    ByteBuffer staging() {
        return staging;
    }

    /** Forgets what has not left. The buffer a run was lent from is then at the end of that run. */
    void drop() {
        if (lent != null) {
            lent.position(lent.limit()).limit(lentLimit);
            lent = null;
        }
        staging.clear();
        held = false;
    }

    /** Forgets everything, and gives back what was borrowed. */
    void close() {
        release();
        channel = null;
        lent = null;
        held = false;
    }

    private void release() {
        buffers.giveBack(staging);
        staging = Buffers.NONE;
    }

    /** Whether some of it has not left: with TLS, what the channel has taken over may still be waiting for room at the socket. */
    boolean pending() {
        return held || holds();
    }

    private boolean holds() {
        return lent != null || staging.position() > 0;
    }

    /** Whether a run lent to it has not left yet: then the buffer it is in must stay as it is. */
    boolean lends() {
        return lent != null;
    }

    /** How many bytes the channel has taken over since {@link #open}: all of them have left once nothing is {@linkplain #pending pending}. */
    long written() {
        return written;
    }

    /** Whether a run of this length can be taken now. */
    boolean accepts(int length) {
        prepare();
        return lent == null && staging.remaining() >= (length <= COPIED ? length : 0) + CHUNK_FRAMING;
    }

    private void prepare() {
        if (staging.capacity() == 0) {
            staging = buffers.small();
        }
    }

    /** Takes over the next {@code length} bytes of content of {@code from}, which moves on behind them. */
    void run(ByteBuffer from, int length) {
        if (chunked) {
            putHex(length);
            staging.put(CRLF);
        }
        if (length > COPIED) {
            lend(from, length, chunked);
            return;
        }
        int limit = from.limit();
        staging.put(from.limit(from.position() + length));
        from.limit(limit);
        if (chunked) {
            staging.put(CRLF);
        }
    }

    /** Ends the content, with these trailer lines (each with its CRLF) if the framing has any; false if there is no room for that now. */
    boolean end(ByteBuffer trailers) {
        if (!chunked) {
            return true;
        }
        prepare();
        if (lent == null && trailers.remaining() > COPIED && staging.remaining() >= LAST_CHUNK.length) {
            staging.put(LAST_CHUNK);
            lend(trailers, trailers.remaining(), true);
            return true;
        }
        if (lent != null || staging.remaining() < LAST_CHUNK.length + trailers.remaining() + CRLF.length) {
            return false;
        }
        staging.put(LAST_CHUNK).put(trailers).put(CRLF);
        return true;
    }

    /** Writes what can be written now; true if all of it has left. */
    boolean tryFlush() throws IOException {
        while (holds()) {
            long n = lent == null ? writeStaged() : writeLent(lent);
            written += n;
            if (n == 0) {
                return false;
            }
        }
        release();
        held = !to().tryFlush();
        return !held;
    }

    private long writeStaged() throws IOException {
        ByteBuffer staged = staging.flip();
        try {
            return to().tryWrite(staged);
        } finally {
            staged.compact();
        }
    }

    private long writeLent(ByteBuffer run) throws IOException {
        ByteBuffer staged = staging.flip();
        parts[0] = staged;
        parts[1] = run;
        parts[2] = tail;
        try {
            return to().tryWrite(parts, 0, 3);
        } finally {
            staged.compact();
            if (!run.hasRemaining() && !tail.hasRemaining()) {
                run.limit(lentLimit);
                lent = null;
            }
        }
    }

    private void lend(ByteBuffer from, int length, boolean chunked) {
        lent = from;
        lentLimit = from.limit();
        from.limit(from.position() + length);
        tail.position(chunked ? 0 : tail.limit());
    }

    private void putHex(int number) {
        int shift = 28 - (Integer.numberOfLeadingZeros(number) & ~3);
        for (; shift >= 0; shift -= 4) {
            staging.put((byte) Character.forDigit((number >>> shift) & 0xF, 16));
        }
    }

    private Channel to() {
        if (channel == null) {
            throw new IllegalStateException("not open");
        }
        return channel;
    }
}
