// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a body, as they come: first those that came with the head, then what is read from the channel into a borrowed buffer. Without
 * more ado each read overwrites the one before, one that finds much is followed by one into a greater buffer, if there is one to spare, and one
 * that finds nothing gives the buffer back. Those that may be needed again are {@linkplain #keep kept}: then a read goes behind the one
 * before, and a buffer that is full is handed over to a {@link Replay}. A body that fits one buffer costs nothing to keep.
 */
final class BodyInput {

    /** What is left free of a buffer that is kept, for what {@link ClientWatch} reads behind the body. */
    private static final int AHEAD = 1024;

    private final Buffers buffers;
    private final Replay replay;

    private @Nullable Channel channel;
    private @Nullable ByteBuffer first;
    private int start;

    /** Borrowed: what was read last. */
    private @Nullable ByteBuffer last;

    /** The first, the last, or one of the replay. */
    private @Nullable ByteBuffer current;

    private long read;

    /** Whether the last read that found anything found as much as a large buffer holds: then there may be more than that the next time, too. */
    private boolean fast;

    /** How much of it may be kept. */
    private long most;

    private boolean keeping;
    private boolean replaying;

    /** Whether what the body began in was handed over, and goes back as soon as it is used up. */
    private boolean adopted;

    /** @param clock of the request whose body, or response's, this is */
    BodyInput(Buffers buffers, Spool spool, RequestClock clock) {
        this.buffers = buffers;
        this.replay = new Replay(spool, buffers, clock);
    }

    /** Begins with what was read behind the head, which stays the caller's and is not written to. */
    void begin(Channel from, ByteBuffer behindHead) {
        release();
        channel = from;
        first = behindHead;
        start = behindHead.position();
        current = behindHead;
        read = 0;
        fast = false;
    }

    /** Begins with what was read behind the head, in a borrowed buffer that is handed over. It can never be begun again. */
    void adopt(Channel from, ByteBuffer behindHead) {
        begin(from, behindHead);
        last = behindHead;
        adopted = true;
    }

    /**
     * From now on nothing that is read is lost, as long as it is not too much.
     *
     * @param length what the body says of its length: one that is bound to be too much is not begun to be kept
     */
    void keep(long length) {
        most = replay.most();
        keeping = length - buffer().remaining() <= most;
    }

    /** From now on nothing that is read is lost, as long as it {@link #hasRoom}. */
    void keepAll() {
        most = Long.MAX_VALUE;
        keeping = true;
    }

    /** Whether more can be read without losing any of it. To be asked when what was read before is used up. */
    boolean hasRoom() {
        ByteBuffer full = last;
        if (full == null || full.limit() < full.capacity() - AHEAD) {
            return true;
        }
        ByteBuffer next = replay.keep(full);
        if (next == null) {
            full.position(full.limit());
            return false;
        }
        last = next.limit(0);
        current = last;
        return true;
    }

    /** From now on it is kept as usual again. */
    void keepUsually() {
        most = replay.most();
        if (read > most) {
            stopKeeping();
        }
    }

    /** It will not be needed again, but for what is just being replayed. */
    void stopKeeping() {
        keeping = false;
        if (!replaying) {
            replay.release();
        }
    }

    /** Whether it is all still here. */
    boolean isWhole() {
        return keeping || read == 0;
    }

    /** Goes back to the first byte. Only if it {@linkplain #isWhole is whole}. */
    void rewind() {
        ByteBuffer begin = present(first);
        current = begin.position(start);
        replay.rewind();
        replaying = last != null;
    }

    /** Lets go of what it began with, which is used up, and is not begun with again. */
    @SuppressWarnings("ReferenceEquality") // which buffer it is matters, not what is in it
    void leaveFirst() {
        if (current == first) {
            current = Buffers.NONE;
        }
        first = null;
    }

    /** What it began with is in another buffer from now on, at the same places. */
    @SuppressWarnings("ReferenceEquality") // which buffer it is matters, not what is in it
    void movedTo(ByteBuffer former, ByteBuffer now) {
        if (current == former) {
            current = now;
        }
        if (first == former) {
            first = now;
        }
    }

    /** Whether what is still needed of what was read last would fit a smaller buffer. */
    boolean mayShrink() {
        ByteBuffer kept = last;
        return kept != null && !replaying && Buffers.fits(needed(kept) + AHEAD, kept.capacity());
    }

    private int needed(ByteBuffer of) {
        return keeping ? of.limit() : of.remaining();
    }

    /** Moves that to a smaller buffer, if there is one. */
    void shrink() {
        ByteBuffer large = present(last);
        int length = needed(large);
        ByteBuffer small = buffers.fitting(length + AHEAD);
        if (small != null) {
            int from = large.limit() - length;
            small.put(0, large, from, length).limit(length).position(large.position() - from);
            buffers.giveBack(large);
            last = small;
            current = small;
        }
    }

    /** Whether what is in the buffer was read before, and more of that is to come. */
    boolean isReplaying() {
        return replaying;
    }

    /** Whether it is time for others. */
    boolean isTurnSpent() {
        return present(channel).isTurnSpent();
    }

    /** What is to be taken next, in read mode. */
    ByteBuffer buffer() {
        return present(current);
    }

    /** Gets more when the buffer is used up; returns how many bytes, 0 if there are none now, -1 at the end. */
    int fill() throws IOException, ExchangeException {
        return replaying && replayNext() ? buffer().remaining() : readNext();
    }

    private boolean replayNext() throws ExchangeException {
        ByteBuffer next = replay.next();
        if (next == null) {
            replaying = false;
            next = present(last).rewind();
            if (!keeping) {
                replay.release();
            }
        }
        current = next;
        return next.hasRemaining();
    }

    private int readNext() throws IOException {
        ByteBuffer into = room();
        int from = into.position();
        current = into;
        int n = 0;
        try {
            n = present(channel).tryRead(into);
        } finally {
            into.limit(into.position()).position(from);
            if (n <= 0 && (!keeping || read == 0)) {
                letGo();
            }
        }
        if (n > 0) {
            read += n;
            fast = n >= Buffers.LARGE;
        }
        if (keeping && read > most) {
            stopKeeping();
        }
        return n;
    }

    /** What waits holds nothing. */
    private void letGo() {
        buffers.giveBack(present(last));
        last = null;
        current = Buffers.NONE;
    }

    private ByteBuffer room() {
        if (adopted) {
            adopted = false;
            letGo();
        }
        ByteBuffer into = keeping ? roomToKeep() : roomToUse();
        last = into;
        return keeping ? into.position(into.limit()).limit(into.capacity() - AHEAD) : into.clear();
    }

    private ByteBuffer roomToKeep() {
        ByteBuffer into = last == null ? buffers.roomy().limit(0) : last;
        return into.limit() >= into.capacity() - AHEAD ? handOver(into) : into;
    }

    /** What is in the buffer there is, if there is one, is used up. */
    private ByteBuffer roomToUse() {
        ByteBuffer before = last;
        ByteBuffer bulk = fast && (before == null || before.capacity() < Buffers.BULK) ? buffers.bulk() : null;
        if (bulk == null) {
            return before == null ? buffers.roomy() : before;
        }
        if (before != null) {
            buffers.giveBack(before);
        }
        return bulk;
    }

    private ByteBuffer handOver(ByteBuffer full) {
        ByteBuffer next = read < most ? replay.keep(full) : null;
        if (next == null) {
            stopKeeping();
            return full;
        }
        return next.limit(0);
    }

    /** Hands over the buffer there is: the one it began with, or another that must be given back. It is over then. */
    @SuppressWarnings("ReferenceEquality") // which buffer it is matters, not what is in it
    ByteBuffer take() {
        ByteBuffer taken = buffer();
        if (taken == last) {
            last = null;
        }
        return taken;
    }

    /** Gives back what was borrowed. */
    void release() {
        keeping = false;
        replaying = false;
        adopted = false;
        replay.release();
        if (last != null) {
            buffers.giveBack(last);
            last = null;
        }
        current = null;
        first = null;
        channel = null;
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not begun");
        }
        return value;
    }
}
