// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.Share;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.RouteSettings;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Changes what routes do; each change is logged once. What is not allowed changes nothing. */
final class RouteChanges {

    private static final System.Logger LOG = System.getLogger("io.waffle.admin");

    private final Supplier<AdminRoutes> now;
    private final RouteChange change;
    private final AdminPools pools;

    RouteChanges(Supplier<AdminRoutes> now, RouteChange change, AdminPools pools) {
        this.now = now;
        this.change = change;
        this.pools = pools;
    }

    List<Route> routes() {
        return List.of(Route.of("PATCH", RouteViews.PATH, this::patch));
    }

    private Reply patch(Call call, String name) {
        Fields fields = new Fields(call.json(), List.of("to", "maintenance"));
        Optional<Map<String, Integer>> to = fields.numbers("to", RouteSettings.TO);
        Optional<Boolean> closed = fields.flag("maintenance");
        List<String> tags = call.fields().apply("if-match");
        List<String> told = new ArrayList<>();
        Optional<?> done = change.apply(name, route -> {
            refuseOther(tags, RouteViews.tag(route));
            RouteConfig led = to.map(weights -> withShares(route, weights)).orElse(route);
            RouteConfig next = closed.map(led::closed).orElse(led);
            note(told, route, next);
            return next;
        });
        if (done.isEmpty()) {
            throw RouteViews.unknown(name);
        }
        told.forEach(change -> LOG.log(Level.INFO, "admin API: route " + name + ": " + change));
        return RouteViews.reply(now.get(), name);
    }

    private static void note(List<String> told, RouteConfig before, RouteConfig after) {
        if (!before.action().equals(after.action())) {
            told.add("to " + words(before) + " -> " + words(after));
        }
        if (before.maintenance().enabled() != after.maintenance().enabled()) {
            told.add("maintenance " + before.maintenance().enabled() + " -> "
                    + after.maintenance().enabled());
        }
    }

    /** It must be as the client has seen it (RFC 9110 section 13.1.1). */
    private static void refuseOther(List<String> tags, String tag) {
        boolean any = tags.isEmpty()
                || tags.stream()
                        .flatMap(line -> List.of(line.split(",")).stream())
                        .map(String::strip)
                        .anyMatch(given -> given.equals("*") || given.equals(tag));
        if (!any) {
            throw Refusal.of(
                    Refusal.PRECONDITION_FAILED,
                    "If-Match",
                    String.join(", ", tags),
                    tag + ", the ETag of the route as it is now");
        }
    }

    /** These are all the shares there are; a pool that had one and is not named keeps but the clients a cookie leads there. */
    private RouteConfig withShares(RouteConfig route, Map<String, Integer> weights) {
        if (!(route.action() instanceof Forward forward)) {
            throw Refusal.of(
                    Refusal.CONFLICT, "route", route.name(), "one that leads to pools; this one answers by itself");
        }
        if (weights.isEmpty()) {
            throw Refusal.badValue("to", "no pool", "at least one");
        }
        if (route.loadBalancing().isPresent()) {
            refuseUnprepared(forward, weights);
        }
        Map<String, Integer> shares = new LinkedHashMap<>();
        forward.to().forEach(share -> shares.put(share.pool(), 0));
        weights.forEach((pool, weight) -> shares.put(pools.named(pool).name(), weight));
        List<Share> to = new ArrayList<>();
        shares.forEach((pool, weight) -> to.add(new Share(pool, weight)));
        return route.with(new Forward(to, forward.splitBy(), forward.rewrite()));
    }

    /** A strategy is made for the pools that are configured, when that is read. */
    private static void refuseUnprepared(Forward forward, Map<String, Integer> weights) {
        List<String> known = forward.to().stream().map(Share::pool).toList();
        weights.keySet().stream()
                .filter(pool -> !known.contains(pool))
                .findFirst()
                .ifPresent(pool -> {
                    throw Refusal.of(
                            Refusal.CONFLICT,
                            "to",
                            pool,
                            "one of " + String.join(", ", known)
                                    + ", since the route has a strategy of its own, which is there in the pools it is configured for");
                });
    }

    private static String words(RouteConfig route) {
        return route.action() instanceof Forward forward ? forward.words() : "";
    }
}
