// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.DistributionContract;

final class IpHashDistributionContractTest extends DistributionContract {

    @Override
    protected StrategyProvider provider() {
        return new IpHashProvider();
    }
}
