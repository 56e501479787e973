// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.PickerContract;

final class IpHashPickerContractTest extends PickerContract {

    @Override
    protected StrategyProvider provider() {
        return new IpHashProvider();
    }
}
