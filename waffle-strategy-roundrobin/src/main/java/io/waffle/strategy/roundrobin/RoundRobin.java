// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import io.waffle.api.Backend;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Keeps the position, which outlives the pickers: if each began anew, every change of health would send the next requests to the same
 * backend. It starts at random, so that several balancers started at once do not march in step.
 */
final class RoundRobin implements Strategy {

    private final AtomicLong sequence;
    private final AtomicLong lots;

    RoundRobin(RandomGenerator random) {
        sequence = new AtomicLong(random.nextInt(Integer.MAX_VALUE));
        lots = new AtomicLong(random.nextInt(Integer.MAX_VALUE));
    }

    @Override
    public Picker picker(List<Backend> backends) {
        return new RoundRobinPicker(new Wheel(backends), sequence, lots);
    }
}
