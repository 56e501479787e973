// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import com.google.auto.service.AutoService;
import io.waffle.api.Strategy;
import io.waffle.api.StrategyContext;
import io.waffle.api.StrategyProvider;

/**
 * {@code ip-hash}: a client address always goes to the same backend. Options: {@code ipv4-prefix} and {@code ipv6-prefix}, how many leading
 * bits of an address count; see {@link Prefixes}.
 */
@AutoService(StrategyProvider.class)
public final class IpHashProvider implements StrategyProvider {

    @Override
    public String name() {
        return "ip-hash";
    }

    @Override
    public Strategy create(StrategyContext context) {
        return new IpHash(Prefixes.from(context.options()));
    }
}
