// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.Strategy;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.StrategyConfig;
import io.waffle.server.pool.Pool;
import io.waffle.server.tls.ClientTls;
import java.util.Map;
import java.util.Optional;

/**
 * A pool as it is configured, with what was made of that.
 *
 * @param strategies who chooses there: its own, and those that routes want otherwise
 */
public record Upstream(PoolConfig config, Pool pool, ClientTls tls, Map<StrategyConfig, Strategy> strategies) {

    /** Who chooses for a route that wants this; empty if it is as the pool has it. */
    Optional<Strategy> strategy(Optional<StrategyConfig> wanted) {
        return wanted.filter(other -> !other.equals(config.loadBalancing())).map(strategies::get);
    }
}
