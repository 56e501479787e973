// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.api.Options;
import io.waffle.api.StrategyContext;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** No options, the real clock, and randomness that threads do not contend for. */
final class BenchContext implements StrategyContext {

    @Override
    public String pool() {
        return "bench";
    }

    @Override
    public Options options() {
        return Options.of(Map.of());
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public RandomGenerator random() {
        return (RandomGenerator) () -> ThreadLocalRandom.current().nextLong();
    }
}
