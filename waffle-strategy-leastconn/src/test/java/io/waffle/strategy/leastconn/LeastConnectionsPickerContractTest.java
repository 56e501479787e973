// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.leastconn;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.PickerContract;

final class LeastConnectionsPickerContractTest extends PickerContract {

    @Override
    protected StrategyProvider provider() {
        return new LeastConnectionsProvider();
    }
}
