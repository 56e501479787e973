// SPDX-License-Identifier: Apache-2.0
/**
 * The contract of {@code io.waffle.api} as tests: extend {@link io.waffle.tck.ProviderContract}, {@link io.waffle.tck.StrategyContract} and
 * {@link io.waffle.tck.PickerContract}, and {@link io.waffle.tck.DistributionContract} if shares are to follow weights.
 */
@org.jspecify.annotations.NullMarked
module io.waffle.tck {
    requires static transitive org.jspecify;
    requires transitive io.waffle.api;
    requires transitive org.junit.jupiter.api;
    requires jdk.jfr; // what a thread has waited for
    requires jdk.management; // how much a thread has allocated

    exports io.waffle.tck;

    opens io.waffle.tck to
            org.junit.platform.commons; // which calls the tests

    uses io.waffle.api.StrategyProvider;
}
