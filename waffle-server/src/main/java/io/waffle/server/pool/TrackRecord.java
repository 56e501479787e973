// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Outcome;
import io.waffle.server.config.EjectionConfig;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What the traffic of a backend tells of it: failures in a row, and their part among all attempts since the first of them.
 *
 * <p>While nothing fails there is nothing to count, and an attempt costs two reads.
 *
 * <p>Threading: any thread. Counts of attempts that end at the same moment may come in any order.
 */
final class TrackRecord {

    private static final long ATTEMPT = 1;
    private static final long FAILURE = 1L << 32;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int VERSION_NOT_SUPPORTED = 505;

    private final LongSupplier nanoTime;
    private final AtomicInteger inARow = new AtomicInteger();

    /** Attempts in the lower half, failures in the upper; 0 while no window is open. */
    private final AtomicLong window = new AtomicLong();

    private volatile long opened;

    TrackRecord(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Takes an attempt into account; returns whether the backend has failed too often with it, by these rules. */
    boolean condemns(Outcome outcome, EjectionConfig config) {
        if (config.disabled() || !outcome.kind().judgesBackend()) {
            return false;
        }
        if (!failed(outcome)) {
            succeed(config);
            return false;
        }
        int row = inARow.incrementAndGet();
        long counts = countFailure(config);
        long failures = counts / FAILURE;
        long attempts = counts % FAILURE;
        return row >= config.failures()
                || (attempts >= config.volume() && 100 * failures >= config.percent() * attempts);
    }

    /** In words, for the log. */
    String describe(Outcome last) {
        long counts = window.get();
        return inARow.get() + " failures in a row, " + counts / FAILURE + " of its last " + counts % FAILURE
                + " requests, the last with "
                + (last.kind() == Outcome.Kind.SERVER_ERROR ? "status " + last.status() : last.kind());
    }

    /** Begins anew, on probation: the next failure will do. */
    void beginProbation(EjectionConfig config) {
        inARow.set(config.failures() - 1);
        window.set(0);
    }

    /** An answer that says what the server cannot do says nothing of how it is. */
    private static boolean failed(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.SERVER_ERROR
                ? outcome.status() != NOT_IMPLEMENTED && outcome.status() != VERSION_NOT_SUPPORTED
                : outcome.kind() != Outcome.Kind.SUCCESS;
    }

    private void succeed(EjectionConfig config) {
        if (inARow.get() != 0) {
            inARow.set(0);
        }
        long counts = window.get();
        if (counts != 0) {
            // One that is lost to another attempt does not matter.
            window.compareAndSet(counts, isOver(nanoTime.getAsLong(), config) ? 0 : counts + ATTEMPT);
        }
    }

    private boolean isOver(long now, EjectionConfig config) {
        return now - opened > config.window().toNanos();
    }

    private long countFailure(EjectionConfig config) {
        long now = nanoTime.getAsLong();
        if (window.get() == 0 || isOver(now, config)) {
            opened = now;
            window.set(FAILURE + ATTEMPT);
            return FAILURE + ATTEMPT;
        }
        return window.addAndGet(FAILURE + ATTEMPT);
    }
}
