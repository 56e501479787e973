// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.admin.AdminRoutes;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.RouteAction;
import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.Share;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.proxy.Routing;
import io.waffle.server.route.RouteRule;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What the admin API has made of the routes that are configured: a {@link LoadedConfig} has the routes as they are, and the configuration it was made of as
 * they were to be. A change stays as long as its route is configured as before, in its conditions and in what it does.
 */
final class ChangedRoutes {

    private ChangedRoutes() {}

    /** With this route changed; empty if there is none. */
    static Optional<LoadedConfig> of(LoadedConfig now, String name, UnaryOperator<RouteConfig> change) {
        return find(now, name)
                .map(found -> now.withRoutes(
                        now.routes().leadingTo(route -> route.equals(found) ? change.apply(route) : route)));
    }

    static Optional<RouteConfig> find(LoadedConfig in, String name) {
        return in.routes().rules().stream()
                .filter(rule -> rule.name().equals(name))
                .map(RouteRule::target)
                .findFirst();
    }

    /**
     * The next configuration with what of the changes stays.
     *
     * @param undone is told what does not
     */
    static LoadedConfig carried(LoadedConfig former, LoadedConfig next, List<String> undone) {
        Map<String, RouteConfig> configured = byName(former.config().routes());
        Map<String, RouteConfig> wantedByName = byName(next.config().routes());
        Set<String> pools = next.config().pools().stream().map(PoolConfig::name).collect(Collectors.toSet());
        Map<String, RouteConfig> stay = new HashMap<>();
        for (RouteRule<RouteConfig> rule : former.routes().rules()) {
            RouteConfig before = configured.get(rule.name());
            RouteConfig changed = rule.target();
            if (before == null || doesSame(before, changed)) {
                continue;
            }
            RouteConfig wanted = wantedByName.get(rule.name());
            if (wanted != null && isSame(before, wanted) && pools.containsAll(poolsOf(changed.action()))) {
                stay.put(rule.name(), changed);
            } else if (wanted == null || !doesSame(wanted, changed)) {
                undone.add("route " + rule.name() + " " + difference(changed, Optional.ofNullable(wanted)));
            }
        }
        if (stay.isEmpty()) {
            return next;
        }
        return next.withRoutes(
                next.routes().leadingTo(route -> withChange(route, Optional.ofNullable(stay.get(route.name())))));
    }

    private static RouteConfig withChange(RouteConfig route, Optional<RouteConfig> changed) {
        return changed.map(as -> route.with(as.action()).closed(as.maintenance().enabled()))
                .orElse(route);
    }

    /** As far as it can be changed. */
    private static boolean doesSame(RouteConfig one, RouteConfig other) {
        return one.action().equals(other.action())
                && one.maintenance().enabled() == other.maintenance().enabled();
    }

    private static boolean isSame(RouteConfig before, RouteConfig wanted) {
        return before.matches().equals(wanted.matches())
                && before.allowsAmbiguousPaths() == wanted.allowsAmbiguousPaths()
                && before.maintenance().equals(wanted.maintenance())
                && before.action().equals(wanted.action());
    }

    private static List<String> poolsOf(RouteAction action) {
        return action instanceof Forward forward
                ? forward.to().stream().map(Share::pool).toList()
                : List.of();
    }

    private static String difference(RouteConfig from, Optional<RouteConfig> wanted) {
        return wanted.map(to -> from.action().equals(to.action())
                        ? "maintenance " + from.maintenance().enabled() + " -> "
                                + to.maintenance().enabled()
                        : words(from.action()) + " -> " + words(to.action()))
                .orElse("removed");
    }

    private static String words(RouteAction action) {
        return action instanceof Forward forward ? "to " + forward.words() : "as configured";
    }

    private static Map<String, RouteConfig> byName(List<RouteConfig> routes) {
        return routes.stream().collect(Collectors.toMap(RouteConfig::name, Function.identity()));
    }

    /** As they are administered. */
    static AdminRoutes administered(LoadedConfig by, Routing routing) {
        return new AdminRoutes(
                routing.table(),
                routing.routes(),
                byName(by.config().routes()),
                by.config().listeners(),
                route -> copies(routing, route),
                (route, request) ->
                        routing.towards(route, request).map(to -> new AdminRoutes.Towards(to.pool(), to.strategy())));
    }

    private static Map<String, AdminRoutes.Copies> copies(Routing routing, String route) {
        Map<String, AdminRoutes.Copies> all = new LinkedHashMap<>();
        routing.copies(route)
                .forEach((pool, of) -> all.put(
                        pool,
                        new AdminRoutes.Copies(
                                of.inFlight(),
                                of.sent(),
                                of.failed(),
                                of.tooLong(),
                                of.noRoom(),
                                of.noBackend(),
                                of.brokenOff())));
        return all;
    }
}
