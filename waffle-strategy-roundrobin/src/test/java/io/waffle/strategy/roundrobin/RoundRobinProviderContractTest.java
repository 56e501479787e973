// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.ProviderContract;

final class RoundRobinProviderContractTest extends ProviderContract {

    @Override
    protected StrategyProvider provider() {
        return new RoundRobinProvider();
    }
}
