// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.PageConfig;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.ReplayConfig;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.StatusRange;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.http.RequestHead;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.pool.PickContext;
import io.waffle.server.route.RouteQuery;
import io.waffle.server.route.RouteRule;
import io.waffle.server.route.RouteTable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Where requests go, whichever listener they come by: the routes, and the pools they lead to with the connections there. Made anew by a reload, of what
 * is new and of what stays; what is under way ends by the one it began with.
 *
 * <p>Threading: any thread.
 */
public final class Routing {

    private final List<RouteConfig> routes;
    private final Map<String, Map<Loop, BackendConnections>> connections;
    private final Map<String, ServedRoute> byName;
    private final RouteTable<ServedRoute> table;

    /** By which a listener goes that sends everybody to https. */
    private final ServedRoute toHttps;

    /** Pages for requests of no route. */
    private final ErrorPages errors;

    private final Spool spool;
    private final boolean timed;

    private Routing(
            List<RouteConfig> routes,
            Map<String, Map<Loop, BackendConnections>> connections,
            RouteTable<ServedRoute> table,
            ServedRoute toHttps,
            ErrorPages errors,
            Spool spool) {
        this.routes = routes;
        this.connections = connections;
        this.toHttps = toHttps;
        this.errors = errors;
        this.spool = spool;
        this.byName = new LinkedHashMap<>();
        table.rules().forEach(rule -> byName.put(rule.name(), rule.target()));
        this.table = table;
        this.timed = byName.values().stream().anyMatch(route -> route.nanos() > 0);
    }

    /**
     * Makes it.
     *
     * @param routes each leading to pools there are
     * @param upstreams the pools by their names
     * @param httpsPort of a listener with TLS, if there is one
     * @param errors pages for answers of our own, for requests of no route
     * @param tallies what is counted of clients
     * @param former what is in use, whose connections and retry budgets go on where nothing has changed
     */
    public static Routing of(
            RouteTable<RouteConfig> routes,
            Map<String, Upstream> upstreams,
            Optional<Integer> httpsPort,
            Map<StatusRange, PageConfig> errors,
            ReplayConfig replay,
            Resolver resolver,
            Loops loops,
            Tallies tallies,
            Optional<Routing> former) {
        Map<String, Map<Loop, BackendConnections>> connections = new HashMap<>();
        upstreams.forEach((name, upstream) -> connections.put(
                name, connections(upstream, resolver, loops, former.map(before -> before.connections.get(name)))));
        Spool spool = new Spool(replay);
        RouteMaker maker = new RouteMaker(upstreams, connections, errors, tallies, spool, former);
        List<RouteConfig> configs =
                routes.rules().stream().map(RouteRule::target).toList();
        return new Routing(
                configs,
                connections,
                routes.leadingTo(maker::make),
                maker.toHttps(configs.getFirst(), httpsPort),
                maker.errors(),
                spool);
    }

    private static Map<Loop, BackendConnections> connections(
            Upstream upstream, Resolver resolver, Loops loops, Optional<Map<Loop, BackendConnections>> former) {
        PoolConfig config = upstream.config();
        Lifetime lifetime = new Lifetime(config.timeouts().backendLifetime(), new Random());
        Map<Loop, BackendConnections> all = new HashMap<>();
        for (Loop loop : loops.all()) {
            BackendConnections fresh = new BackendConnections(
                    loop,
                    config.limits().idleBackendConnections(),
                    config.timeouts().backendKeepAlive(),
                    lifetime,
                    new BackendConnector(
                            upstream.tls(),
                            resolver,
                            config.proxyProtocol().send().version()));
            all.put(
                    loop,
                    former.map(before -> before.get(loop))
                            .map(before -> before.orIfOther(fresh))
                            .orElse(fresh));
        }
        return all;
    }

    /** What decides among the pools of this route. */
    Optional<Split> split(String route) {
        return Optional.ofNullable(byName.get(route))
                .flatMap(served -> served.answer().split());
    }

    /** By the pools that get copies of the requests of this route, what has become of these. */
    public Map<String, CopyCounts> copies(String route) {
        Map<String, CopyCounts> all = new LinkedHashMap<>();
        Optional.ofNullable(byName.get(route)).stream()
                .flatMap(served -> served.answer().mirrors().stream())
                .forEach(mirror -> all.put(mirror.pool(), mirror.counts()));
        return all;
    }

    /** What is saved up for repetitions of the requests of this route at that pool. */
    Optional<RetryBudget> budget(String route, String pool) {
        return Optional.ofNullable(byName.get(route)).stream()
                .flatMap(served -> served.answer().destinations().stream())
                .filter(destination -> destination.pool().equals(pool))
                .map(destination -> destination.forwarder().budget())
                .findFirst();
    }

    /** The number of the route of this request, or what {@link RouteTable} says if there is none. */
    int find(RequestHead head, ClientAddress client, int listener, RouteQuery query) {
        return table.find(head, client, listener, query);
    }

    /** Whether the first takes every request: then nothing need be asked of one. */
    boolean isForAll() {
        return table.isForAll();
    }

    /** A route by its number. */
    ServedRoute route(int number) {
        return table.target(number);
    }

    /** The routes to look at: the index of each is that in {@link #routes}. */
    public RouteTable<?> table() {
        return table;
    }

    /** What its routes were made of. */
    public List<RouteConfig> routes() {
        return routes;
    }

    /**
     * Where a route leads.
     *
     * @param strategy the name of what chooses there
     */
    public record Towards(String pool, String strategy) {}

    /**
     * Where the route of this index would send such a request, which is balanced as that route has it from now on; empty if no share is left, or it sends it to no
     * pool.
     */
    public Optional<Towards> towards(int route, PickContext request) {
        Optional<Destination> to = split(routes.get(route).name()).map(split -> split.wouldChoose(request));
        to.ifPresent(destination -> destination.forwarder().chooseFor(request));
        return to.map(destination -> new Towards(destination.pool(), destination.strategy()));
    }

    /** By which a listener goes that sends everybody to https. */
    ServedRoute toHttps() {
        return toHttps;
    }

    /** The number by which routes know a listener. */
    int listener(String name) {
        return table.listener(name);
    }

    /** Pages for requests of no route. */
    ErrorPages errors() {
        return errors;
    }

    /** Where bodies go that do not fit into memory. */
    Spool spool() {
        return spool;
    }

    /** Whether any route bounds the time of a request. */
    boolean isTimed() {
        return timed;
    }

    /** Ends what goes on in none of the two: idle connections that would not be used again. */
    public void replacedBy(Routing next) {
        connections.forEach((name, mine) -> mine.forEach((loop, each) -> {
            Map<Loop, BackendConnections> theirs = next.connections.get(name);
            if (theirs == null || theirs.get(loop) != each) {
                each.closeAll();
            }
        }));
    }

    /** To be called behind each change of a pool's members: idle connections to those that have left are closed. */
    public void membersChanged() {
        connections.values().forEach(mine -> mine.values().forEach(BackendConnections::closeDeparted));
    }

    /** Closes all idle connections. */
    public void close() {
        connections.values().forEach(mine -> mine.values().forEach(BackendConnections::closeAll));
    }
}
