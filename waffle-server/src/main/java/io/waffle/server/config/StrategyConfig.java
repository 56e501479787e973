// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Map;

/** Which strategy balances, and its options, which only the strategy understands. */
public record StrategyConfig(String name, Map<String, String> options) {

    public StrategyConfig {
        options = Map.copyOf(options);
    }
}
