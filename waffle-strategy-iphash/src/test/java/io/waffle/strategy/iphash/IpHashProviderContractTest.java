// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import io.waffle.api.StrategyProvider;
import io.waffle.tck.ProviderContract;
import java.util.Map;

final class IpHashProviderContractTest extends ProviderContract {

    @Override
    protected StrategyProvider provider() {
        return new IpHashProvider();
    }

    @Override
    protected Map<String, String> badOptions() {
        return Map.of("ipv4-prefix", "33", "ipv6-prefix", "0");
    }
}
