// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.Strategy;
import io.waffle.server.config.CidrSet;
import io.waffle.server.config.MaintenanceConfig;
import io.waffle.server.config.MirrorConfig;
import io.waffle.server.config.PageConfig;
import io.waffle.server.config.RetryConfig;
import io.waffle.server.config.RouteAction;
import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.Redirect;
import io.waffle.server.config.RouteAction.Respond;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.StatusRange;
import io.waffle.server.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Makes what requests are served by of what is configured for a route. */
final class RouteMaker {

    private final Map<String, Upstream> upstreams;
    private final Map<String, Map<Loop, BackendConnections>> connections;
    private final Tallies tallies;
    private final Spool spool;
    private final Optional<Routing> former;

    /** What the top has, and of what that was made. */
    private final ErrorPages errors;

    private final Map<StatusRange, PageConfig> errorsConfig;

    /**
     * For these pools.
     *
     * @param tallies what is counted of clients
     * @param former whose retry budgets and turns go on
     */
    RouteMaker(
            Map<String, Upstream> upstreams,
            Map<String, Map<Loop, BackendConnections>> connections,
            Map<StatusRange, PageConfig> errors,
            Tallies tallies,
            Spool spool,
            Optional<Routing> former) {
        this.upstreams = upstreams;
        this.connections = connections;
        this.errorsConfig = errors;
        this.errors = ErrorPages.of(errors);
        this.tallies = tallies;
        this.spool = spool;
        this.former = former;
    }

    /** Pages for requests of no route. */
    ErrorPages errors() {
        return errors;
    }

    ServedRoute make(RouteConfig config) {
        ErrorPages pages = config.errors().equals(errorsConfig) ? errors : errors.with(config.errors());
        RouteAnswer answer =
                switch (config.action()) {
                    case Forward forward -> forward(config, forward);
                    case Respond respond -> new RouteAnswer.ByWaffle(OwnAnswer.of(respond));
                    case Redirect redirect -> new RouteAnswer.ByWaffle(OwnAnswer.of(redirect, config.matches()));
                };
        RouteAnswer shared = config.cors()
                .<RouteAnswer>map(cors -> new RouteAnswer.Shared(answer, new CorsPolicy(cors)))
                .orElse(answer);
        return ServedRoute.of(
                config, unlessClosed(shared, config.maintenance(), pages), pages, Guard.of(config, tallies));
    }

    /** By which a listener goes that sends everybody to https, as this one says what else there is to say. */
    ServedRoute toHttps(RouteConfig any, Optional<Integer> httpsPort) {
        RouteConfig redirecting = any.redirecting();
        return ServedRoute.of(
                redirecting,
                new RouteAnswer.ByWaffle(OwnAnswer.toHttps(httpsPort)),
                errors,
                Guard.of(redirecting, tallies));
    }

    private static RouteAnswer unlessClosed(RouteAnswer open, MaintenanceConfig maintenance, ErrorPages pages) {
        return maintenance.enabled()
                ? new RouteAnswer.Closed(open, CidrSet.of(maintenance.except()), OwnAnswer.closed(maintenance, pages))
                : open;
    }

    private RouteAnswer forward(RouteConfig config, Forward forward) {
        List<Destination> all = new ArrayList<>();
        for (RouteAction.Share share : forward.to()) {
            Upstream upstream = Objects.requireNonNull(upstreams.get(share.pool()));
            RetryConfig retry = config.retry();
            RetryBudget budget = former.flatMap(before -> before.budget(config.name(), share.pool()))
                    .map(before -> before.with(retry.budgetPercent()))
                    .orElseGet(() -> new RetryBudget(retry.budgetPercent()));
            Optional<Strategy> strategy = upstream.strategy(config.loadBalancing());
            Forwarder forwarder = new Forwarder(upstream.pool(), strategy, config.timeouts(), retry, budget);
            all.add(new Destination(
                    upstream,
                    share.weight(),
                    config.loadBalancing()
                            .orElse(upstream.config().loadBalancing())
                            .name(),
                    forwarder,
                    Objects.requireNonNull(connections.get(share.pool()))));
        }
        AtomicLong turn = former.flatMap(before -> before.split(config.name()))
                .map(Split::turn)
                .orElseGet(AtomicLong::new);
        RouteAnswer byPool = new RouteAnswer.ByPool(new Split(all, forward.splitBy(), turn));
        RouteAnswer mirrored = config.mirror()
                .<RouteAnswer>map(mirror -> new RouteAnswer.Mirrored(byPool, mirroring(config.name(), mirror)))
                .orElse(byPool);
        return config.bufferRequest() > 0 ? new RouteAnswer.Buffered(mirrored, config.bufferRequest()) : mirrored;
    }

    private Mirroring mirroring(String route, MirrorConfig config) {
        List<Mirror> mirrors = new ArrayList<>();
        config.pools()
                .forEach((pool, share) -> mirrors.add(new Mirror(
                        Objects.requireNonNull(upstreams.get(pool)),
                        Objects.requireNonNull(connections.get(pool)),
                        share,
                        spool,
                        former.map(before -> before.copies(route).get(pool)).orElseGet(CopyCounts::new))));
        return new Mirroring(List.copyOf(mirrors), config.body());
    }
}
