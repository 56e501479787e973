// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.DnsConfig;
import io.waffle.server.loop.Alarm;
import io.waffle.server.loop.Boundary;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Jitter;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The names that are looked up again and again, each by a timer of its own: one that is slow, or dead, holds up no other. The last good answer
 * stays until there is another.
 *
 * <p>Threading: any thread.
 */
final class Names implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.waffle.discovery");

    /** No name is asked for more often than this because its answers say so, unless the interval is shorter. */
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    /** Timers that end within it of each other end together: of many names, waking up for each costs more than its question. */
    private static final Duration TOGETHER = Duration.ofSeconds(1);

    /** By no larger part of itself is a pause drawn out for that. */
    private static final int LEAST_PART = 16;

    private final Resolver resolver;
    private final RandomGenerator random;
    private final Runnable moved;

    /** Guarded by this, as all below. */
    private final Map<String, Watched> watched = new HashMap<>();

    /** Also those that are not watched. */
    private Set<String> given = Set.of();

    private DnsConfig config = new DnsConfig(Duration.ZERO, Duration.ZERO);
    private boolean closed;

    /**
     * Watches nothing yet.
     *
     * @param random for the jitter; used by many threads
     * @param moved is called when a name has got other addresses; by any thread
     */
    Names(Resolver resolver, RandomGenerator random, Runnable moved) {
        this.resolver = resolver;
        this.random = random;
        this.moved = moved;
    }

    /**
     * Watches these names and no others from now on; none if the interval is zero.
     *
     * @return ends when of each that is new something is known, were it only that it does not resolve
     */
    synchronized CompletableFuture<Void> watch(Set<String> names, DnsConfig by) {
        Set<String> wanted = closed || by.interval().isZero() ? Set.of() : names;
        boolean other = !watched.isEmpty() && !by.equals(config);
        config = by;
        watched.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().end();
            }
            return gone;
        });
        resolver.forget(given.stream().filter(name -> !names.contains(name)).toList());
        given = Set.copyOf(names);
        List<Watched> fresh = wanted.stream()
                .filter(name -> !watched.containsKey(name))
                .map(Watched::new)
                .toList();
        if (other) {
            watched.values().forEach(Watched::look); // a timer of the former interval is over
        }
        fresh.forEach(each -> watched.put(each.text, each));
        fresh.forEach(Watched::look);
        return CompletableFuture.allOf(fresh.stream().map(each -> each.first).toArray(CompletableFuture<?>[]::new));
    }

    /** The addresses of a name; none if it is not watched, or not known. */
    synchronized List<InetAddress> addresses(String name) {
        Watched known = watched.get(name);
        return known == null ? List.of() : known.addresses;
    }

    /** Watches nothing any more, and keeps nobody waiting. */
    @Override
    public synchronized void close() {
        closed = true;
        watched.values().forEach(Watched::end);
        watched.clear();
    }

    private synchronized boolean isWatched(Watched name) {
        return watched.get(name.text) == name;
    }

    /** Takes an answer, and looks again when it is no longer good. */
    private synchronized void take(Watched name, Answer answer) {
        if (!isWatched(name)) {
            return;
        }
        Duration pause = SHORTEST;
        try {
            name.take(answer, config.grace());
            pause = name.next(answer, config);
        } finally {
            name.again(pause);
        }
    }

    /** A name, and what is known of it; guarded by the names. */
    private final class Watched {

        private final String text;
        private final Whereabouts whereabouts = new Whereabouts();
        private final CompletableFuture<Void> first = new CompletableFuture<>();
        private final Alarm alarm = LookUps.loop().alarm(this::look);
        private List<InetAddress> addresses = List.of();
        private boolean resolves = true;

        /** Written by one thread at a time, with the others; read by the loop when it looks again. */
        private volatile Optional<DnsMessage.Type> inUse = Optional.empty();

        Watched(String text) {
            this.text = text;
        }

        /** By the look-up that is under way, if there is one. */
        void look() {
            CompletableFuture<Void> _ = resolver.look(text, inUse).thenAccept(this::learn);
        }

        private void learn(Answer answer) {
            try {
                Boundary.around("watching the name " + text, () -> Names.this.take(this, answer));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does
            } finally {
                first.complete(null);
            }
        }

        void again(Duration pause) {
            long now = Deadline.now();
            alarm.at(now + together(Jitter.around(pause, random), now).toNanos());
        }

        void end() {
            alarm.end();
            first.complete(null);
        }

        private void take(Answer answer, Duration grace) {
            List<InetAddress> former = addresses;
            whereabouts.take(answer, Deadline.now(), grace.toNanos());
            addresses = whereabouts.addresses();
            inUse = whereabouts.inUse();
            note(answer.resolves(), former);
            if (!former.equals(addresses)) {
                moved.run();
            }
        }

        private void note(boolean good, List<InetAddress> former) {
            if (!former.isEmpty() && !former.equals(addresses)) {
                LOG.log(Level.INFO, text + " is at " + shown(addresses) + " now, and was at " + shown(former));
            }
            if (good && !resolves) {
                LOG.log(Level.INFO, text + " resolves again");
            } else if (!good && resolves) {
                LOG.log(
                        Level.WARNING,
                        "backend name " + text + " does not resolve; "
                                + (addresses.isEmpty()
                                        ? "requests sent there fail with 502 until it does"
                                        : "its last addresses stay: " + shown(addresses)));
            }
            resolves = good;
        }

        /** Sooner if its answer is not good for so long, or an address was left out: then twice more before its grace is over. */
        private Duration next(Answer answer, DnsConfig by) {
            Duration longest = by.interval();
            if (answer.resolves() && whereabouts.misses()) {
                return shorter(longest, by.grace().dividedBy(2).plusMillis(1));
            }
            return answer.ttl().isZero() ? longest : shorter(longest, longer(answer.ttl(), SHORTEST));
        }
    }

    /** That pause, or a little more, so that it ends when others do. */
    static Duration together(Duration pause, long now) {
        long step = Math.max(1, Math.min(TOGETHER.toNanos(), pause.toNanos() / LEAST_PART));
        return pause.plusNanos(step - 1 - Math.floorMod(now + pause.toNanos() - 1, step));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static String shown(Collection<InetAddress> addresses) {
        return addresses.stream().map(at -> ClientAddress.of(at).toString()).collect(Collectors.joining(", "));
    }
}
