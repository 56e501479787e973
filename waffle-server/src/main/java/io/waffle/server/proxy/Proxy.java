// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.ClientTls;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.loop.ServerTls;
import io.waffle.server.loop.TlsChannel;
import io.waffle.server.pool.Pool;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What all connections of a listener share: the configuration, the pool, and what is kept per loop. */
final class Proxy {

    private final TimeoutsConfig timeouts;
    private final Optional<ServerTls> tls;
    private final Forwarder forwarder;
    private final @Nullable AccessLog accessLog;
    private final Map<Loop, LoopState> states = new HashMap<>();
    private volatile boolean draining;

    /** What belongs to one loop. */
    private record LoopState(Exchanges exchanges, BackendConnections connections) {}

    Proxy(
            WaffleConfig config,
            Pool pool,
            Loops loops,
            Optional<ServerTls> tls,
            ClientTls backendTls,
            HttpDate date,
            Optional<AccessLog> accessLog) {
        this.timeouts = config.timeouts();
        this.tls = tls;
        this.forwarder =
                new Forwarder(pool, timeouts, config.retry(), config.limits().queue());
        this.accessLog = accessLog.orElse(null);
        BackendConnector connector = new BackendConnector(backendTls);
        Lifetime lifetime = new Lifetime(timeouts.backendLifetime(), new Random());
        Spool spool = new Spool(config.retry().replay());
        for (Loop loop : loops.all()) {
            BackendConnections connections = new BackendConnections(
                    loop, config.limits().idleBackendConnections(), timeouts.backendKeepAlive(), lifetime, connector);
            Exchanges exchanges = new Exchanges(config, loop.buffers(), spool, date, this::isDraining);
            states.put(loop, new LoopState(exchanges, connections));
        }
    }

    TimeoutsConfig timeouts() {
        return timeouts;
    }

    Forwarder forwarder() {
        return forwarder;
    }

    Exchanges exchanges(Loop loop) {
        return state(loop).exchanges();
    }

    BackendConnections connections(Loop loop) {
        return state(loop).connections();
    }

    /** Puts TLS over an accepted connection, if the listener has it. */
    Channel secure(PlainChannel plain) throws IOException {
        if (tls.isEmpty()) {
            return plain;
        }
        TlsChannel secured = TlsChannel.server(plain, tls.get());
        secured.handshake(Deadline.in(timeouts.tlsHandshake()));
        return secured;
    }

    /** Tells of an exchange that is over, if there is a log for that. */
    void log(Exchange x, @Nullable Fault fault) {
        AccessLog log = accessLog;
        if (log != null) {
            log.write(x, fault);
        }
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
        states.values().forEach(state -> state.connections().closeDeparted());
    }

    void close() {
        states.values().forEach(state -> state.connections().closeAll());
    }

    private LoopState state(Loop loop) {
        LoopState state = states.get(loop);
        if (state == null) {
            throw new IllegalStateException("a loop of another listener");
        }
        return state;
    }
}
