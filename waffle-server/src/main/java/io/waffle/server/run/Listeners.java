// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.Host;
import io.waffle.server.config.ListenAddress;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loops;
import io.waffle.server.proxy.ClientPlaces;
import io.waffle.server.proxy.Frontend;
import io.waffle.server.proxy.ProxyListener;
import io.waffle.server.proxy.Serving;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The listeners for traffic there are, by name.
 *
 * <p>Threading: changed by one thread at a time.
 */
final class Listeners {

    /** For the name of an address to listen on. */
    private static final Duration NAME_WAIT = Duration.ofSeconds(10);

    private final Resolver resolver;
    private final Loops loops;
    private final HttpDate date;
    private final ClientPlaces places;
    private volatile Map<String, Bound> all = Map.of();

    /** One that listens, and what it was told to. */
    private record Bound(ListenAddress wanted, ProxyListener listener) {}

    Listeners(Resolver resolver, Loops loops, HttpDate date, ClientPlaces places) {
        this.resolver = resolver;
        this.loops = loops;
        this.date = date;
        this.places = places;
    }

    /** What a change of listeners comes to: those there will be, and which of them are new. Nothing has changed yet. */
    final class Change {

        private final Map<String, Bound> next;
        private final List<Bound> fresh;

        private Change(Map<String, Bound> next, List<Bound> fresh) {
            this.next = next;
            this.fresh = fresh;
        }

        /** Where those are that are new, by name. */
        Map<String, SocketAddress> fresh() {
            Map<String, SocketAddress> addresses = new LinkedHashMap<>();
            next.forEach((name, bound) -> {
                if (fresh.contains(bound)) {
                    addresses.put(name, bound.listener().address());
                }
            });
            return addresses;
        }

        /** Gives up what is new. Nobody has been accepted there. */
        void abandon() {
            fresh.forEach(bound -> bound.listener().close());
        }

        /** From now on these are the listeners; those that are new accept. Returns those that are left over. */
        List<ProxyListener> make(Serving serving, Map<String, Frontend> frontends) throws StartException {
            Map<String, Bound> former = all;
            next.forEach((name, bound) -> {
                if (!fresh.contains(bound)) {
                    bound.listener().change(serving, Objects.requireNonNull(frontends.get(name)));
                }
            });
            all = next;
            for (Bound bound : fresh) {
                accept(bound);
            }
            return former.entrySet().stream()
                    .filter(old -> !next.containsValue(old.getValue()))
                    .map(old -> old.getValue().listener())
                    .toList();
        }
    }

    /** Takes the addresses that are new. Clients that connect there wait until somebody accepts. */
    Change bind(Serving serving, Map<String, Frontend> frontends) throws StartException {
        Map<String, Bound> next = new LinkedHashMap<>();
        List<Bound> fresh = new ArrayList<>();
        try {
            for (Map.Entry<String, Frontend> each : frontends.entrySet()) {
                ListenAddress wanted = each.getValue().config().address();
                Bound now = there(each.getKey(), wanted);
                if (now == null) {
                    now = new Bound(wanted, bind(serving, each.getValue()));
                    fresh.add(now);
                }
                next.put(each.getKey(), now);
            }
        } catch (StartException | RuntimeException e) {
            fresh.forEach(bound -> bound.listener().close());
            throw e;
        }
        return new Change(next, fresh);
    }

    /** The one that listens there already, which may have another name from now on: an address cannot be had twice. */
    private @Nullable Bound there(String name, ListenAddress wanted) {
        Bound same = all.get(name);
        if (same != null && same.wanted().equals(wanted)) {
            return same;
        }
        return all.values().stream()
                .filter(bound -> bound.wanted().equals(wanted) && wanted.port() != 0)
                .findFirst()
                .orElse(null);
    }

    /** Those there are serve by this from now on. */
    void serve(Serving serving, Map<String, Frontend> frontends) {
        all.forEach((name, bound) -> bound.listener().change(serving, Objects.requireNonNull(frontends.get(name))));
    }

    private ProxyListener bind(Serving serving, Frontend frontend) throws StartException {
        String setting = setting(frontend);
        ListenAddress wanted = frontend.config().address();
        SocketAddress address = wanted.path().isPresent()
                ? UnixDomainSocketAddress.of(wanted.path().get())
                : address(setting, wanted, resolver);
        try {
            return ProxyListener.bind(serving, frontend, address, loops, date, places);
        } catch (IOException e) {
            throw Addresses.cannotListen(setting, address, e);
        }
    }

    private static String setting(Frontend frontend) {
        String name = frontend.config().name();
        return name.equals(WaffleConfig.DEFAULT) ? "listen" : "listeners." + name + ".address";
    }

    private static void accept(Bound bound) throws StartException {
        try {
            bound.listener().accept();
        } catch (IOException e) {
            throw Addresses.cannotListen("listen", bound.listener().address(), e);
        }
    }

    /** Where they are, by name, in their order. */
    Map<String, SocketAddress> addresses() {
        Map<String, SocketAddress> addresses = new LinkedHashMap<>();
        all.forEach((name, bound) -> addresses.put(name, bound.listener().address()));
        return addresses;
    }

    /** Stops accepting, lets what is in flight end, and closes the rest, all at once. Waits for it. */
    void close() {
        List<Thread> closing = all.values().stream()
                .map(bound -> Thread.ofVirtual().name("closing").start(bound.listener()::close))
                .toList();
        try {
            for (Thread each : closing) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The address of the network to bind; a name is looked up first. */
    static InetSocketAddress address(String setting, ListenAddress listen, Resolver resolver) throws StartException {
        if (listen.host().isEmpty()) {
            return new InetSocketAddress(listen.port());
        }
        Host host = listen.host().get();
        try {
            return new InetSocketAddress(
                    resolver.addresses(host, Deadline.in(NAME_WAIT)).getFirst(), listen.port());
        } catch (IOException e) {
            throw new StartException(setting + ": " + host.text() + " (expected: a host name that resolves)");
        }
    }
}
