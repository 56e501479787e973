// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Options;
import io.waffle.api.StrategyContext;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** A context with a clock that stands until it is moved, and seeded randomness. Threading: any thread. */
public final class FakeContext implements StrategyContext {

    private final Options options;
    private final RandomGenerator random;

    /** Just below the overflow, as {@link System#nanoTime} may be: compare times by their difference. */
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1_000_000);

    private volatile long tick;

    /** With these options, and random numbers from this seed. */
    public FakeContext(Map<String, String> options, long seed) {
        this(Options.of(options), seed);
    }

    /** With these options, which the test can ask afterwards what was read. */
    public FakeContext(Options options, long seed) {
        this.options = options;
        this.random = new Random(seed);
    }

    /** Lets time pass. */
    public void advance(Duration duration) {
        nanoTime.addAndGet(duration.toNanos());
    }

    /** From now on so much time passes whenever somebody asks for it. */
    FakeContext ticking(Duration duration) {
        tick = duration.toNanos();
        return this;
    }

    /** The time, which does not pass by this. */
    long now() {
        return nanoTime.get();
    }

    @Override
    public String pool() {
        return "tck";
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public long nanoTime() {
        return nanoTime.addAndGet(tick);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }
}
