// SPDX-License-Identifier: Apache-2.0
package com.example.random.choices;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.DistributionContract;

final class RandomChoicesDistributionTest extends DistributionContract {

    @Override
    protected StrategyProvider provider() {
        return new RandomChoicesProvider();
    }

    /** Weight counts against load only: an idle pool shares evenly. */
    @Override
    protected boolean followsWeights() {
        return false;
    }
}
