// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.PickerContract;

final class RoundRobinPickerContractTest extends PickerContract {

    @Override
    protected StrategyProvider provider() {
        return new RoundRobinProvider();
    }
}
