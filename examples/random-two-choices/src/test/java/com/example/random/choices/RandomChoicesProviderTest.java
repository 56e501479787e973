// SPDX-License-Identifier: Apache-2.0
package com.example.random.choices;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.ProviderContract;
import java.util.Map;

final class RandomChoicesProviderTest extends ProviderContract {

    @Override
    protected StrategyProvider provider() {
        return new RandomChoicesProvider();
    }

    @Override
    protected Map<String, String> badOptions() {
        return Map.of("choices", "9");
    }
}
