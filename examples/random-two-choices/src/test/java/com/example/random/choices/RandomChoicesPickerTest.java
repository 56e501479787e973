// SPDX-License-Identifier: Apache-2.0
package com.example.random.choices;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.PickerContract;

final class RandomChoicesPickerTest extends PickerContract {

    @Override
    protected StrategyProvider provider() {
        return new RandomChoicesProvider();
    }
}
