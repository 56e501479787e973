// SPDX-License-Identifier: Apache-2.0
package com.example.random.choices;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.StrategyContract;

final class RandomChoicesStrategyTest extends StrategyContract {

    @Override
    protected StrategyProvider provider() {
        return new RandomChoicesProvider();
    }
}
