// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be repeated: a token bucket that each request fills a little and each repetition empties by one, so that backends that
 * fail for lack of strength do not get twice the work. It is full at the start, and full it costs a request one read.
 *
 * <p>Threading: any thread.
 */
final class RetryBudget {

    /** What a request pays in is a hundredth of a repetition for each percent. */
    private static final int REPETITION = 100;

    /** Repetitions saved up for a sudden outage: about the requests that a backend has in flight when it dies. */
    private static final int SAVED = 100;

    private static final int FULL = SAVED * REPETITION;

    private final int percent;
    private final AtomicInteger saved;

    RetryBudget(int percent) {
        this.percent = percent;
        this.saved = new AtomicInteger(percent == 0 ? 0 : FULL);
    }

    /** The same savings, to be filled by this share from now on. */
    RetryBudget with(int other) {
        if (other == percent) {
            return this;
        }
        RetryBudget next = new RetryBudget(other);
        if (percent > 0 && other > 0) {
            next.saved.set(saved.get());
        }
        return next;
    }

    /** A request has come. */
    void deposit() {
        int now = saved.get();
        if (now < FULL) {
            saved.compareAndSet(now, Math.min(FULL, now + percent)); // one lost to another request does not matter
        }
    }

    boolean isSpent() {
        return saved.get() < REPETITION;
    }

    /** Whether one may be repeated; it is counted then. */
    boolean withdraw() {
        int now;
        do {
            now = saved.get();
            if (now < REPETITION) {
                return false;
            }
        } while (!saved.compareAndSet(now, now - REPETITION));
        return true;
    }
}
