// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.leastconn;

import com.google.auto.service.AutoService;
import io.waffle.api.Strategy;
import io.waffle.api.StrategyContext;
import io.waffle.api.StrategyProvider;
import java.util.random.RandomGenerator;

/**
 * {@code least-connections}: the backend with the fewest requests in flight for its weight. (The name is the customary one; connections that
 * lie idle do not count.) Has no options.
 */
@AutoService(StrategyProvider.class)
public final class LeastConnectionsProvider implements StrategyProvider {

    @Override
    public String name() {
        return "least-connections";
    }

    @Override
    public Strategy create(StrategyContext context) {
        RandomGenerator random = context.random();
        return backends -> new LeastConnectionsPicker(backends, random);
    }
}
