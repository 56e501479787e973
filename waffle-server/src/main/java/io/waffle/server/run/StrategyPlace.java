// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.StrategyConfig;

/** Where a strategy chooses: in this pool, by this configuration. There is one instance for each. */
record StrategyPlace(String pool, StrategyConfig config) {}
