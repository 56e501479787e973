// SPDX-License-Identifier: Apache-2.0
/** The balancing strategy {@code least-connections}. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // at compile time only: the annotation leaves no trace in the class
module io.waffle.strategy.leastconn {
    requires static org.jspecify;
    requires static com.google.auto.service;
    requires io.waffle.api;

    provides io.waffle.api.StrategyProvider with
            io.waffle.strategy.leastconn.LeastConnectionsProvider;
}
