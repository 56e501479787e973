// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything a user can set, valid as a whole. Immutable. What each component means, its unit and range are written once, in the table of settings (docs/configuration.md).
 *
 * @param listeners at least one, each name once
 * @param pools at least one, each name once
 * @param routes at least one, each name once
 * @param dns what is asked, whichever pool asks
 * @param limits of the process; the others are those of listeners, pools and routes
 * @param timeouts the same
 * @param errors pages for answers to requests of no route, by their statuses
 * @param accessLists files of addresses that were read
 */
public record WaffleConfig(
        List<ListenerConfig> listeners,
        List<PoolConfig> pools,
        List<RouteConfig> routes,
        DnsConfig dns,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        ReplayConfig replay,
        boolean leniency,
        LoggingConfig logging,
        AccessLogConfig accessLog,
        boolean watch,
        AdminConfig admin,
        Duration shutdownDelay,
        Optional<ListenAddress> metricsListen,
        Optional<Path> pidFile,
        Map<StatusRange, PageConfig> errors,
        List<Path> accessLists) {

    /** What the one is called that is given without a name. */
    public static final String DEFAULT = "default";

    public WaffleConfig {
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
        routes = List.copyOf(routes);
        errors = Map.copyOf(errors);
        accessLists = List.copyOf(accessLists);
    }

    /** By the names of the pools, what is to choose among their backends: the pool's own first, then what routes want otherwise, each once. */
    public Map<String, Set<StrategyConfig>> strategies() {
        Map<String, Set<StrategyConfig>> all = new LinkedHashMap<>();
        pools.forEach(pool ->
                all.computeIfAbsent(pool.name(), name -> new LinkedHashSet<>()).add(pool.loadBalancing()));
        for (RouteConfig route : routes) {
            if (route.loadBalancing().isPresent() && route.action() instanceof RouteAction.Forward forward) {
                forward.to().forEach(share -> all.computeIfAbsent(share.pool(), name -> new LinkedHashSet<>())
                        .add(route.loadBalancing().get()));
            }
        }
        return all;
    }
}
