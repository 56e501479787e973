// SPDX-License-Identifier: Apache-2.0
package com.example.random.choices;

import io.waffle.api.Strategy;
import io.waffle.api.StrategyContext;
import io.waffle.api.StrategyProvider;
import java.util.random.RandomGenerator;

/** {@code random-two-choices}: of a few backends chosen at random, the least loaded. Option: {@code choices}, 2 to 8, default 2. */
public final class RandomChoicesProvider implements StrategyProvider {

    @Override
    public String name() {
        return "random-two-choices";
    }

    @Override
    public Strategy create(StrategyContext context) {
        int choices = (int) context.options().integer("choices", 2, 2, 8);
        RandomGenerator random = context.random();
        return backends -> new RandomChoicesPicker(backends, choices, random);
    }
}
