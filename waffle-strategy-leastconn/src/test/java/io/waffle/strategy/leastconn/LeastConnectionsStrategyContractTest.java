// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.leastconn;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.StrategyContract;

final class LeastConnectionsStrategyContractTest extends StrategyContract {

    @Override
    protected StrategyProvider provider() {
        return new LeastConnectionsProvider();
    }
}
