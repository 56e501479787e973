// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * How long one direction of a conversation may go on waiting. Its time begins when it last moved, or when what it waits for became another
 * thing, whatever the other direction does meanwhile. And where there is a least rate, so many bytes must have come in the time that was
 * spent waiting; the time in which it was somebody else's turn does not count.
 *
 * <p>The clock is read by whoever is about to wait, once for both directions.
 */
final class Pace {

    /** For so long nobody asks how many bytes there were. */
    static final long GRACE_NANOS = 5_000_000_000L;

    private int rate;
    private @Nullable Awaited awaited;
    private boolean moved;
    private long since;
    private long waited;
    private long waitingSince;

    /** So many bytes a second at the least; 0, as at first, for no bound. */
    void rate(int bytes) {
        rate = bytes;
    }

    /** Begins anew, for another conversation. */
    Pace begin() {
        awaited = null;
        moved = false;
        waited = 0;
        return this;
    }

    /** Something of it went on its way. */
    void moved() {
        moved = true;
    }

    /**
     * It waits for this now; null for nothing.
     *
     * @param nanos for how long it may; {@link Deadline#NONE} for ever
     * @param bytes how many of its body there were so far
     * @return until when, if nothing moves
     */
    long until(@Nullable Awaited what, long now, long nanos, long bytes) {
        if (moved || what != awaited) {
            since = now;
            moved = false;
            awaited = what;
        }
        if (what == null || nanos == Deadline.NONE) {
            return Deadline.NONE;
        }
        waitingSince = now;
        long end = since + nanos;
        return rate > 0 && what.isPaced() ? Math.min(end, now + atLeast(bytes, rate) - waited) : end;
    }

    /** The wait is over, for whatever reason. */
    void waited() {
        if (rate > 0 && awaited != null) {
            waited += Deadline.now() - waitingSince;
        }
    }

    /** How much time there is for a head of which so many bytes have come; {@code most} for all of it. */
    static long ofHead(int bytes, int rate, long most) {
        return rate == 0 ? most : Math.min(most, atLeast(bytes, rate));
    }

    /** How much time there is for so many bytes. */
    static long atLeast(long bytes, int rate) {
        return Math.max(GRACE_NANOS, bytes / rate * 1_000_000_000 + bytes % rate * 1_000_000_000 / rate);
    }
}
