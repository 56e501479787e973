// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import com.google.auto.service.AutoService;
import io.waffle.api.Strategy;
import io.waffle.api.StrategyContext;
import io.waffle.api.StrategyProvider;

/** {@code round-robin}: each backend in turn, as often as its weight says. Has no options. */
@AutoService(StrategyProvider.class)
public final class RoundRobinProvider implements StrategyProvider {

    @Override
    public String name() {
        return "round-robin";
    }

    @Override
    public Strategy create(StrategyContext context) {
        return new RoundRobin(context.random());
    }
}
