// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.http.HttpDate;
import io.waffle.server.limit.ClientCounts;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.plugin.FaultLog;
import io.waffle.server.tls.ClientPolicy;
import io.waffle.server.tls.TlsChannel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all connections of a listener share: what requests are served by, which may change, and what outlives that. */
final class Proxy {

    private final Loops loops;
    private final HttpDate date;
    private final Tallies tallies;
    private final Unrouted unrouted = new Unrouted();
    private final FaultLog faults = new FaultLog("", System::nanoTime);
    private volatile ListenerState state;
    private volatile boolean draining;
    private volatile Runnable shortage = () -> {};

    Proxy(Serving serving, Frontend frontend, Loops loops, HttpDate date, Tallies tallies) {
        this.tallies = tallies;
        this.loops = loops;
        this.date = date;
        this.state = state(serving, frontend);
    }

    /** Serves by this from the next request, or connection, on. What is under way ends by what it began with. */
    void change(Serving serving, Frontend frontend) {
        ListenerState former = state;
        state = state(serving, frontend);
        former.exchanges().values().forEach(Exchanges::close);
    }

    private ListenerState state(Serving serving, Frontend frontend) {
        Routing routing = serving.routing();
        WireRules rules = WireRules.of(
                frontend,
                serving.leniency(),
                routing.listener(frontend.config().name()),
                serving.accessLog().isPresent());
        Map<Loop, Exchanges> exchanges = new HashMap<>();
        for (Loop loop : loops.all()) {
            exchanges.put(loop, new Exchanges(rules, routing, loop.buffers(), date, this::isDraining));
        }
        return new ListenerState(
                frontend.config().name(),
                frontend.config().timeouts(),
                frontend.tls(),
                serving.accessLog().orElse(null),
                exchanges,
                rules.minHeadRate(),
                frontend.config().proxyProtocol().from(),
                frontend.config().forwarding(),
                frontend.config().limits().clientConnections());
    }

    /** Those of the listener: what is about a request is of its route. */
    TimeoutsConfig timeouts() {
        return state.timeouts();
    }

    /** For how long the rest of a head is waited for of which so many bytes have come. */
    long headTime(int bytes) {
        ListenerState now = state;
        return Pace.ofHead(
                bytes, now.minHeadRate(), now.timeouts().requestHead().toNanos());
    }

    Exchanges exchanges(Loop loop) {
        return state.on(loop);
    }

    /**
     * Who an accepted connection is from: its peer, or whoever that introduces if it is one of those that have to.
     *
     * @return null if it is from nobody
     */
    @Nullable
    Peer client(PlainChannel plain, Peer peer) throws IOException {
        ListenerState now = state;
        if (!now.introducers().contains(peer.address())) {
            return peer;
        }
        try {
            return Introduction.read(plain, peer, Deadline.in(now.timeouts().requestHead()));
        } catch (Introduction.Missing e) {
            warn("a connection from " + peer + ", one of proxy_protocol.from, was closed: " + e.getMessage());
            throw e;
        }
    }

    /**
     * Counts a connection of this client, for as long as it lasts. Who speaks for others is not counted, nor is who has no address to be known by.
     *
     * @return its place, to {@link #leave} once; {@link ClientCounts#REFUSED} if the client has as many as it may
     */
    int enter(Peer client) {
        ListenerState now = state;
        if (now.clientConnections() == 0
                || client.isLocal()
                || now.introducers().contains(client.address())
                || now.forwarding().trusts(client.address())) {
            return ClientCounts.UNCOUNTED;
        }
        int place = tallies.connections().enter(tallies.hash().of(client.address()), now.clientConnections());
        if (place == ClientCounts.REFUSED) {
            warn("a client at " + client + " has as many connections as it may (limits.client_connections: "
                    + now.clientConnections() + "): one more was closed");
        }
        return place;
    }

    /** A connection that was counted is over. */
    void leave(int place) {
        if (place >= 0) {
            tallies.connections().leave(place);
        }
    }

    /** Puts TLS over an accepted connection, if the listener has it. */
    Channel secure(PlainChannel plain) throws IOException {
        ListenerState now = state;
        if (now.tls().isEmpty()) {
            return plain;
        }
        TlsChannel secured = TlsChannel.server(plain, now.tls().get());
        secured.handshake(Deadline.in(now.timeouts().tlsHandshake()));
        return secured;
    }

    /** Whether any client is asked for a certificate, or this one was. */
    boolean asksClients(TlsChannel agreed) {
        return !agreed.clientPolicy().equals(ClientPolicy.NOTHING)
                || state.tls().filter(tls -> tls.clients().ask()).isPresent();
    }

    /** Tells of an exchange that is over, if there is a log for that. */
    void log(Exchange x, @Nullable Fault fault) {
        if (fault != null) {
            unrouted.tell(state.name(), x, fault);
        }
        AccessLog log = state.accessLog();
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
}
