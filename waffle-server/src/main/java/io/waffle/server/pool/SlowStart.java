// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Lets the weight of a backend that has just come, or come back, grow over a time, so that it can warm up.
 *
 * <p>Strategies see whole numbers: hundredths of what is configured, always, whether any weight grows or not.
 *
 * <p>Since when one grows is with the backend, and stays when it is to take another time. Threading: under the lock of the pool.
 */
final class SlowStart {

    /** What a weight of 1 is for a strategy: see {@link io.waffle.api.Backend#weight}. */
    static final int SCALE = 100;

    /** It begins with this part of its weight: with none it would never be warm. */
    private static final double FIRST = 0.1;

    private static final int STEPS = 20;

    private final Duration time;
    private final LongSupplier nanoTime;

    /**
     * @param time of growing; zero for none
     */
    SlowStart(Duration time, LongSupplier nanoTime) {
        this.time = time;
        this.nanoTime = nanoTime;
    }

    /** How often the weights have to be set anew while any grows. */
    Duration step() {
        return time.dividedBy(STEPS);
    }

    /** The weight of this one grows from now on. */
    void begin(PooledBackend backend) {
        if (!time.isZero()) {
            backend.growSince(nanoTime.getAsLong());
        }
    }

    /** Sets the weights as they are now; returns whether any still grows. */
    boolean weigh(List<PooledBackend> members) {
        long now = nanoTime.getAsLong();
        boolean growing = false;
        for (PooledBackend backend : members) {
            if (backend.isGrowing() && now - backend.growsSince() >= time.toNanos()) {
                backend.grown();
            }
            growing |= backend.isGrowing();
            backend.weigh((int) Math.max(1, Math.round(SCALE * backend.config().weight() * part(backend, now))));
        }
        return growing;
    }

    /** What a backend's weight is now in terms of those configured; 0 if it is to get no new request. */
    double effectiveWeight(PooledBackend backend) {
        return backend.takesRequests() ? backend.config().weight() * part(backend, nanoTime.getAsLong()) : 0;
    }

    private double part(PooledBackend backend, long now) {
        return backend.isGrowing() ? Math.clamp((double) (now - backend.growsSince()) / time.toNanos(), FIRST, 1) : 1;
    }
}
