// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.DistributionContract;

final class RoundRobinDistributionContractTest extends DistributionContract {

    @Override
    protected StrategyProvider provider() {
        return new RoundRobinProvider();
    }
}
