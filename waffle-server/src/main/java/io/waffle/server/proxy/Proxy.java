// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.plugin.FaultLog;
import io.waffle.server.pool.Pool;
import io.waffle.server.tls.TlsChannel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What all connections of a listener share: the terms requests are served by, which may change, and what outlives them. */
final class Proxy {

    private final Pool pool;
    private final Loops loops;
    private final HttpDate date;
    private final FaultLog faults = new FaultLog("", System::nanoTime);
    private volatile Service service;
    private volatile boolean draining;
    private volatile Runnable shortage = () -> {};

    Proxy(Terms terms, Pool pool, Loops loops, HttpDate date) {
        this.pool = pool;
        this.loops = loops;
        this.date = date;
        pool.queuePlaces(terms.config().limits().queue());
        this.service = service(terms, null);
    }

    /** Serves by these terms from the next request, or connection, on. What is under way ends by those it began with. */
    void change(Terms terms) {
        pool.queuePlaces(terms.config().limits().queue());
        Service former = service;
        Service next = service(terms, former);
        service = next;
        former.loops().forEach((loop, mine) -> {
            mine.exchanges().close();
            if (mine.connections() != next.on(loop).connections()) {
                mine.connections().closeAll();
            }
        });
    }

    private Service service(Terms terms, @Nullable Service former) {
        WaffleConfig config = terms.config();
        Lifetime lifetime = new Lifetime(config.timeouts().backendLifetime(), new Random());
        Spool spool = new Spool(config.retry().replay());
        Map<Loop, Service.PerLoop> perLoop = new HashMap<>();
        for (Loop loop : loops.all()) {
            BackendConnections connections = new BackendConnections(
                    loop,
                    config.limits().idleBackendConnections(),
                    config.timeouts().backendKeepAlive(),
                    lifetime,
                    new BackendConnector(terms.backendTls(), terms.resolver()));
            perLoop.put(
                    loop,
                    new Service.PerLoop(
                            new Exchanges(config, loop.buffers(), spool, date, this::isDraining),
                            former == null
                                    ? connections
                                    : former.on(loop).connections().orIfOther(connections)));
        }
        return new Service(
                config.timeouts(),
                terms.tls(),
                new Forwarder(pool, config.timeouts(), config.retry(), budget(config, former)),
                terms.accessLog().orElse(null),
                perLoop,
                config.limits().minHeadRate());
    }

    private static RetryBudget budget(WaffleConfig config, @Nullable Service former) {
        int percent = config.retry().budgetPercent();
        return former == null
                ? new RetryBudget(percent)
                : former.forwarder().budget().with(percent);
    }

    TimeoutsConfig timeouts() {
        return service.timeouts();
    }

    /** For how long the rest of a head is waited for of which so many bytes have come. */
    long headTime(int bytes) {
        Service now = service;
        return Pace.ofHead(
                bytes, now.minHeadRate(), now.timeouts().requestHead().toNanos());
    }

    Forwarder forwarder() {
        return service.forwarder();
    }

    Exchanges exchanges(Loop loop) {
        return service.on(loop).exchanges();
    }

    BackendConnections connections(Loop loop) {
        return service.on(loop).connections();
    }

    /** Puts TLS over an accepted connection, if the listener has it. */
    Channel secure(PlainChannel plain) throws IOException {
        Service now = service;
        if (now.tls().isEmpty()) {
            return plain;
        }
        TlsChannel secured = TlsChannel.server(plain, now.tls().get());
        secured.handshake(Deadline.in(now.timeouts().tlsHandshake()));
        return secured;
    }

    /** Tells of an exchange that is over, if there is a log for that. */
    void log(Exchange x, @Nullable Fault fault) {
        AccessLog log = service.accessLog();
        if (log != null) {
            log.write(x, fault);
        }
    }

    /** Tells the operator of what clients do that may be a mistake of theirs, at a line now and then. */
    void warn(String what) {
        faults.warn(what, null);
    }

    HttpDate date() {
        return date;
    }

    /** What is done when there is no memory for a request. */
    void onShortage(Runnable makeRoom) {
        shortage = makeRoom;
    }

    void shortOfMemory() {
        shortage.run();
    }

    /** From now on every connection says goodbye with its next response, also one that was accepted at the last moment. */
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** Backends may have left the pool. */
    void membersChanged() {
        service.loops().values().forEach(mine -> mine.connections().closeDeparted());
    }

    void close() {
        service.loops().values().forEach(mine -> mine.connections().closeAll());
    }
}
