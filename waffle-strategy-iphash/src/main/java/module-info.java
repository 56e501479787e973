// SPDX-License-Identifier: Apache-2.0
/** The balancing strategy {@code ip-hash}. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // at compile time only: the annotation leaves no trace in the class
module io.waffle.strategy.iphash {
    requires static org.jspecify;
    requires static com.google.auto.service;
    requires io.waffle.api;

    provides io.waffle.api.StrategyProvider with
            io.waffle.strategy.iphash.IpHashProvider;
}
