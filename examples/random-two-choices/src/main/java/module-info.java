// SPDX-License-Identifier: Apache-2.0
module com.example.random.choices {
    requires io.waffle.api;

    provides io.waffle.api.StrategyProvider with
            com.example.random.choices.RandomChoicesProvider;
}
