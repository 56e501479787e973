// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Outcome;
import io.waffle.server.config.EjectionConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Which backends are left out, how many of them at once, and for how long: the first time for a while, twice as long each time one fails
 * again before it was well for the longest. The rules, that is: what they go by is with each backend, and stays when they are others.
 *
 * <p>Threading: {@link #condemns} by any thread, all else under the lock of the pool.
 */
final class Ejections {

    private final EjectionConfig config;
    private final LongSupplier nanoTime;

    Ejections(EjectionConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.nanoTime = nanoTime;
    }

    /** Takes an attempt into account; returns whether the backend has failed too often with it. */
    boolean condemns(PooledBackend backend, Outcome outcome) {
        return backend.record().condemns(outcome, config);
    }

    /** Whether this one of them may be left out, too: the last one in service never is. */
    boolean allows(PooledBackend next, List<PooledBackend> members) {
        long ejected = members.stream().filter(PooledBackend::isEjected).count();
        boolean others = members.stream().anyMatch(backend -> backend != next && backend.isAvailable());
        return others && ejected < Math.ceilDiv(members.size() * config.maxPercent(), 100);
    }

    /** Leaves the backend out; returns for how long. */
    Duration eject(PooledBackend backend) {
        long now = nanoTime.getAsLong();
        boolean well = now - backend.readmittedAt() > config.maxTime().toNanos();
        int repetition = well ? 0 : backend.ejections();
        Duration doubled = config.time().multipliedBy(1L << Math.min(repetition, 20));
        Duration time = doubled.compareTo(config.maxTime()) < 0 ? doubled : config.maxTime();
        backend.eject(repetition + 1, now + time.toNanos());
        return time;
    }

    /** How much longer one that is left out will be. */
    Duration left(PooledBackend backend) {
        return Duration.ofNanos(Math.max(0, backend.ejectedUntil() - nanoTime.getAsLong()));
    }

    /** Takes it back, on probation. */
    void readmit(PooledBackend backend) {
        backend.record().beginProbation(config);
        backend.readmit(nanoTime.getAsLong());
    }
}
