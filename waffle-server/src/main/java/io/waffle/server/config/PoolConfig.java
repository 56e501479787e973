// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;
import java.util.List;

/**
 * Backends that serve the same, and how one of them is chosen. Of the sections it shares with others only what is about backends is read from here.
 *
 * @param name {@code default} for the one of {@code backends}
 */
public record PoolConfig(
        String name,
        List<BackendConfig> backends,
        DnsConfig dns,
        StrategyConfig loadBalancing,
        BackendTlsConfig backendTls,
        StickyConfig sticky,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        HealthConfig health,
        EjectionConfig ejection,
        Duration slowStart,
        ProxyProtocolConfig proxyProtocol) {

    public PoolConfig {
        backends = List.copyOf(backends);
    }
}
