// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.server.config.EjectionConfig;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What the traffic of a backend in service tells of it: failures in a row, and their part among all attempts since the first of them; those that
 * are {@link Verdict#AGAINST} it and those that are {@link Verdict#DOUBTFUL} apart.
 *
 * <p>While nothing fails there is nothing to count, and an attempt costs a few reads.
 *
 * <p>Threading: any thread. Counts of attempts that end at the same moment may come in any order.
 */
final class TrackRecord {

    /** What the failures so far come to. */
    enum Charge {
        NONE,
        /** It is out of order. */
        PLAIN,
        /** It is, if the others are not. */
        IF_IT_STANDS_OUT
    }

    /** An attempt is one, a doubtful failure one of the next field, a plain one of the last: 24, 20 and 20 bits. */
    private static final long ATTEMPT = 1;

    private static final long DOUBT = 1L << 24;
    private static final long FAULT = 1L << 44;
    private static final long FIELD = (1L << 20) - 1;
    private static final long MOST_ATTEMPTS = 1 << 19;

    private final LongSupplier nanoTime;

    /** Plain failures, with no success in between. */
    private final AtomicInteger faultsInARow = new AtomicInteger();

    /** Failures of either kind, with no success in between. */
    private final AtomicInteger inARow = new AtomicInteger();

    /** 0 while no window is open. */
    private final AtomicLong window = new AtomicLong();

    private volatile long opened;

    /** Whose request failed first in this window, whether others' did, and whether any that was not kept here by a cookie did. */
    private volatile long firstToFail;

    private volatile boolean othersFailed;
    private volatile boolean strangersFailed;

    /** Who was served last. Lost writes do not matter, and it lies beside what each attempt writes anyway. */
    private long lastServed;

    TrackRecord(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Takes a success into account. */
    void succeed(long client, EjectionConfig config) {
        if (lastServed != client) {
            lastServed = client;
        }
        if (inARow.get() != 0) {
            inARow.set(0);
            faultsInARow.set(0);
        }
        long counts = window.get();
        if (counts != 0) {
            // One that is lost to another attempt does not matter.
            window.compareAndSet(counts, isOver(config) ? 0 : halved(counts) + ATTEMPT);
        }
    }

    /**
     * Takes a failure into account; returns what all of them come to.
     *
     * @param kept whether a cookie has brought the request here, and not the balancing
     */
    Charge fail(Verdict verdict, long client, boolean kept, EjectionConfig config) {
        boolean plain = verdict == Verdict.AGAINST;
        int faults = plain ? faultsInARow.incrementAndGet() : faultsInARow.get();
        int row = inARow.incrementAndGet();
        long counts = count(plain ? FAULT : DOUBT, config);
        hear(client, kept, counts);
        long attempts = attempts(counts);
        boolean enough = attempts >= config.volume();
        if (faults >= config.failures() || (enough && 100 * faults(counts) >= config.percent() * attempts)) {
            return Charge.PLAIN;
        }
        boolean often = row >= config.volume() || (enough && 100 * failures(counts) >= config.percent() * attempts);
        return often ? Charge.IF_IT_STANDS_OUT : Charge.NONE;
    }

    /** The part of failures, 0 to 1: of the window, or of what is in a row as far as that is enough to speak of. */
    double share(EjectionConfig config) {
        long counts = window.get();
        double ofWindow = counts == 0 || isOver(config) ? 0 : (double) failures(counts) / attempts(counts);
        return Math.max(ofWindow, Math.min(1.0, (double) inARow.get() / config.volume()));
    }

    /** Whether those who failed are more than one client, as far as can be told, or all there are. */
    boolean isHeardOfMany(Iterable<PooledBackend> all) {
        if (othersFailed) {
            return true;
        }
        for (PooledBackend backend : all) {
            long served = backend.record().lastServed;
            if (served != 0 && served != firstToFail) {
                return false; // there are others, and they do not complain
            }
        }
        return strangersFailed;
    }

    /** Whether the last attempt that was taken into account failed. */
    boolean isFailing() {
        return inARow.get() != 0;
    }

    /** For the log. */
    record Counts(int inARow, long failures, long attempts) {}

    Counts counts() {
        long counts = window.get();
        return new Counts(inARow.get(), failures(counts), attempts(counts));
    }

    /** Begins anew. */
    void clear() {
        inARow.set(0);
        faultsInARow.set(0);
        window.set(0);
    }

    private void hear(long client, boolean kept, long counts) {
        if (failures(counts) == 1) {
            firstToFail = client;
            othersFailed = false;
            strangersFailed = !kept;
            return;
        }
        if (client != firstToFail && !othersFailed) {
            othersFailed = true;
        }
        if (!kept && !strangersFailed) {
            strangersFailed = true;
        }
    }

    private boolean isOver(EjectionConfig config) {
        return nanoTime.getAsLong() - opened > config.window().toNanos();
    }

    private long count(long failure, EjectionConfig config) {
        long counts = window.get();
        if (counts == 0 || isOver(config)) {
            opened = nanoTime.getAsLong();
            window.set(failure + ATTEMPT);
            return failure + ATTEMPT;
        }
        return window.updateAndGet(now -> halved(now) + failure + ATTEMPT);
    }

    /** The same proportions of fewer, when there are so many that a field would overflow. */
    private static long halved(long counts) {
        if (attempts(counts) < MOST_ATTEMPTS) {
            return counts;
        }
        return attempts(counts) / 2 + doubts(counts) / 2 * DOUBT + faults(counts) / 2 * FAULT;
    }

    private static long attempts(long counts) {
        return counts & (DOUBT - 1);
    }

    private static long doubts(long counts) {
        return counts / DOUBT & FIELD;
    }

    private static long faults(long counts) {
        return counts >>> 44;
    }

    private static long failures(long counts) {
        return doubts(counts) + faults(counts);
    }
}
