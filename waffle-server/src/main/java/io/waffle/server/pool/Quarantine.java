// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Decides whether a strategy is asked at all. {@link #FAULTS} faults within {@link #WINDOW} shut it out; then one pick per
 * {@link #PROBE_INTERVAL} goes to it as a probe, and a probe without a fault lets it in again.
 *
 * <p>Threading: any thread. Asking costs one volatile read while all is well; only a fault takes the lock.
 */
final class Quarantine {

    /** Enough that one odd request does not change how the pool is balanced. */
    static final int FAULTS = 10;

    static final Duration WINDOW = Duration.ofSeconds(10);

    static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;

    /** When the last faults were, as a ring; guarded by this. */
    private final long[] faults = new long[FAULTS];

    private long faultCount;
    private final AtomicLong nextProbe = new AtomicLong();
    private volatile boolean shut;

    Quarantine(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean isShut() {
        return shut;
    }

    /** Whether the strategy is due for a probe; true for one caller per interval. */
    boolean tryProbe() {
        long now = nanoTime.getAsLong();
        long due = nextProbe.get();
        return now - due >= 0 && nextProbe.compareAndSet(due, now + PROBE_INTERVAL.toNanos());
    }

    /** Counts a fault; returns whether this one shut the strategy out. */
    synchronized boolean fault() {
        long now = nanoTime.getAsLong();
        faults[(int) (faultCount++ % FAULTS)] = now;
        long oldest = faults[(int) (faultCount % FAULTS)];
        boolean tooMany = faultCount >= FAULTS && now - oldest <= WINDOW.toNanos();
        return tooMany && shut();
    }

    /** Shuts the strategy out; returns whether it was in. */
    synchronized boolean shut() {
        boolean was = shut;
        if (!was) {
            nextProbe.set(nanoTime.getAsLong() + PROBE_INTERVAL.toNanos());
            shut = true;
        }
        return !was;
    }

    /** Lets the strategy in with a clean sheet; returns whether it was out. */
    synchronized boolean admit() {
        boolean was = shut;
        shut = false;
        faultCount = 0;
        return was;
    }
}
