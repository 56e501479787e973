// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a user can set, valid as a whole. Immutable. What each component means, its unit and range are written once, in the table of settings (docs/configuration.md).
 *
 * @param tls empty for a plain listener
 */
public record WaffleConfig(
        ListenAddress listen,
        List<BackendConfig> backends,
        DnsConfig dns,
        StrategyConfig loadBalancing,
        Optional<TlsConfig> tls,
        BackendTlsConfig backendTls,
        ForwardingConfig forwarding,
        StickyConfig sticky,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        HealthConfig health,
        EjectionConfig ejection,
        Duration slowStart,
        RetryConfig retry,
        LoggingConfig logging,
        AccessLogConfig accessLog,
        boolean watch,
        AdminConfig admin,
        Duration shutdownDelay,
        Optional<ListenAddress> metricsListen,
        Optional<Path> pidFile) {

    public WaffleConfig {
        backends = List.copyOf(backends);
    }
}
