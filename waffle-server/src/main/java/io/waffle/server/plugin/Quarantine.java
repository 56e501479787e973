// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Decides whether a strategy is asked at all. It is shut out when half of its last {@link #PICKS} picks were at fault, and not before it has
 * made half as many: one that fails at a few requests, since they are odd, goes on to serve all others, however many come of either kind in a
 * second. A strategy that is shut out is asked for one pick per {@link #PROBE_INTERVAL}, as a probe, and one without a fault lets it in again.
 *
 * <p>Threading: any thread. While all is well asking costs one volatile read. Picks are counted only behind a fault, until {@link #PICKS} have
 * passed without another; only a fault takes the lock.
 */
public final class Quarantine {

    /** Over how many picks the share of faults is taken. */
    public static final int PICKS = 100;

    /** So many of them are too many. With less, a client that sends what the strategy cannot digest could take it away from all others. */
    public static final int FAULTS = PICKS / 2;

    public static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

    private enum State {
        CALM,
        WATCHED,
        SHUT
    }

    private final LongSupplier nanoTime;

    /** Since the first fault. */
    private final AtomicLong picks = new AtomicLong();

    /** At which of these picks the last faults were, as a ring; guarded by this, as the count is. */
    private final long[] faults = new long[FAULTS];

    private int faultCount;
    private volatile long lastFault;
    private final AtomicLong nextProbe = new AtomicLong();
    private volatile State state = State.CALM;

    public Quarantine(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public boolean isShut() {
        return state == State.SHUT;
    }

    /** Counts a pick that is about to be made. */
    public void pick() {
        if (state == State.WATCHED && picks.incrementAndGet() - lastFault > PICKS) {
            calm();
        }
    }

    /** Whether the strategy is due for a probe; true for one caller per interval. */
    public boolean tryProbe() {
        long now = nanoTime.getAsLong();
        long due = nextProbe.get();
        return now - due >= 0 && nextProbe.compareAndSet(due, now + PROBE_INTERVAL.toNanos());
    }

    /** Takes note that the pick was at fault; returns whether this one shut the strategy out. */
    public synchronized boolean fault() {
        if (state == State.CALM) {
            picks.set(1); // this one, which was not counted
            faultCount = 0;
        }
        long now = picks.get();
        lastFault = now;
        faults[faultCount++ % FAULTS] = now;
        if (state == State.CALM) {
            state = State.WATCHED;
        }
        boolean tooMany = faultCount >= FAULTS && now - faults[faultCount % FAULTS] < PICKS;
        return tooMany && shut();
    }

    /** Shuts the strategy out; returns whether it was in. */
    public synchronized boolean shut() {
        boolean was = isShut();
        if (!was) {
            nextProbe.set(nanoTime.getAsLong() + PROBE_INTERVAL.toNanos());
            state = State.SHUT;
        }
        return !was;
    }

    /** Lets the strategy in with a clean sheet; returns whether it was out. */
    public synchronized boolean admit() {
        boolean was = isShut();
        state = State.CALM;
        return was;
    }

    private synchronized void calm() {
        if (state == State.WATCHED && picks.get() - lastFault > PICKS) {
            state = State.CALM;
        }
    }
}
