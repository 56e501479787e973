// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Strategy;
import io.waffle.server.config.EjectionConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a pool goes by, whoever its members are; changed as one.
 *
 * @param strategy who chooses; the pool that goes by it ends it when it goes by another, or is closed
 * @param ofRoutes who chooses for routes that want it otherwise, over the same members; ended as the other is
 * @param ejection when a backend is left out for what its own traffic tells of it
 * @param slowStart how long the weight of one that has come, or come back, grows; zero for at once
 * @param stickiness how clients are kept with their backends; empty if they are not
 */
public record Policy(
        Strategy strategy,
        List<Strategy> ofRoutes,
        EjectionConfig ejection,
        Duration slowStart,
        Optional<Stickiness> stickiness) {

    public Policy {
        ofRoutes = List.copyOf(ofRoutes);
    }

    /** One that holds for all routes. */
    public Policy(Strategy strategy, EjectionConfig ejection, Duration slowStart, Optional<Stickiness> stickiness) {
        this(strategy, List.of(), ejection, slowStart, stickiness);
    }

    /** Whether it says the same, by the very same strategies: which of these they hold for equal is their own business. */
    @SuppressWarnings("ReferenceEquality")
    boolean isSame(Policy other) {
        List<Strategy> mine = strategies();
        List<Strategy> theirs = other.strategies();
        boolean same = mine.size() == theirs.size()
                && ejection.equals(other.ejection)
                && slowStart.equals(other.slowStart)
                && stickiness.equals(other.stickiness);
        for (int i = 0; same && i < mine.size(); i++) {
            same = mine.get(i) == theirs.get(i);
        }
        return same;
    }

    /** All who choose, the pool's own first. */
    List<Strategy> strategies() {
        return Stream.concat(Stream.of(strategy), ofRoutes.stream()).toList();
    }
}
