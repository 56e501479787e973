// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.StrategyContract;

final class IpHashStrategyContractTest extends StrategyContract {

    @Override
    protected StrategyProvider provider() {
        return new IpHashProvider();
    }
}
