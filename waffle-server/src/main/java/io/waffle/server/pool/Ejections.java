// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.server.config.EjectionConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How many backends may be left out at once, and for how long: the first time for a while, twice as long each time a backend fails again
 * before it was well for the longest.
 *
 * <p>Threading: under the lock of the pool.
 */
final class Ejections {

    private final EjectionConfig config;
    private final LongSupplier nanoTime;

    Ejections(EjectionConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.nanoTime = nanoTime;
    }

    TrackRecord newRecord() {
        return new TrackRecord(config, nanoTime);
    }

    /** Whether one more of these may be left out: the last one in service never is. */
    boolean allows(List<PooledBackend> members) {
        long ejected = members.stream().filter(PooledBackend::isEjected).count();
        long available = members.stream().filter(PooledBackend::isAvailable).count();
        return available > 1 && ejected < Math.ceilDiv(members.size() * config.maxPercent(), 100);
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
        backend.readmit(nanoTime.getAsLong());
    }
}
