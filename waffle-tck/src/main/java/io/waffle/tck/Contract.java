// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Backend;
import io.waffle.api.Strategy;
import io.waffle.api.StrategyProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** What an author supplies to every contract: the provider and, if need be, options. */
abstract class Contract {

    static final long SEED = 20_261_123;

    /** Makes the provider under test; called for each test. */
    protected abstract StrategyProvider provider();

    /** The options the strategy is tested with. Extend the contract once for each set worth testing. */
    protected Map<String, String> options() {
        return Map.of();
    }

    final Strategy strategy() {
        return provider().create(context());
    }

    /** Its clock passes by a microsecond whenever it is read: what waits for a time comes to an end. */
    final FakeContext context() {
        return new FakeContext(options(), SEED).ticking(Duration.ofNanos(1_000));
    }

    /** A new strategy in service. */
    final Service service() {
        FakeContext context = context();
        return new Service(provider().create(context), context);
    }

    static List<Backend> list(List<? extends Backend> backends) {
        return List.copyOf(backends);
    }

    /** Random numbers for tests: the same in each run. */
    static RandomGenerator seeded() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    }
}
