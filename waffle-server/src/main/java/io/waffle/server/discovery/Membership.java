// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.DnsConfig;
import io.waffle.server.config.Host;
import io.waffle.server.loop.Boundary;
import io.waffle.server.loop.Deadline;
import io.waffle.server.pool.Pool;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which backends a pool is meant to have: what is configured, and where its names are. The one place that changes the members of a pool,
 * whoever asks for it.
 *
 * <p>Threading: any thread; changes are made one at a time, and wait for names they bring with them, two seconds at most.
 */
public final class Membership implements AutoCloseable {

    /** A name that takes longer is one backend until its answer comes. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Names that move at about one time are one change. */
    private static final Duration TOGETHER = Duration.ofMillis(20);

    /** So many times as long as a change of members takes there is none for names: thousands of them are learned one by one. */
    private static final int PAUSES = 4;

    private final Consumer<List<BackendConfig>> members;
    private final Names names;
    private final ReentrantLock changing = new ReentrantLock();

    /** Whether a change is about to be made because names have moved. */
    private final AtomicBoolean moving = new AtomicBoolean();

    /** How long the last change for names took. */
    private volatile Duration last = Duration.ZERO;

    /** With single addresses of which something else is wanted than of their names. Written under the lock, as all below. */
    private volatile List<BackendConfig> configured = List.of();

    private volatile List<BackendConfig> now = List.of();
    private DnsConfig dns = new DnsConfig(Duration.ZERO, Duration.ZERO);
    private volatile boolean closed;

    private volatile Runnable changed = () -> {};

    /**
     * Nothing is configured yet.
     *
     * @param members is given the members, and makes them so
     * @param resolver looks names up
     * @param random for the jitter; used by many threads
     */
    public Membership(Consumer<List<BackendConfig>> members, Resolver resolver, RandomGenerator random) {
        this.members = members;
        this.names = new Names(resolver, random, this::moved);
    }

    /**
     * Of a pool; it has no members by this yet.
     *
     * @param random for the jitter; used by many threads
     */
    public static Membership of(Pool pool, Resolver resolver, RandomGenerator random) {
        return new Membership(pool::update, resolver, random);
    }

    /** Calls this behind each change of members from now on, in place of what was called before. */
    public void onChange(Runnable task) {
        changed = task;
    }

    /** What is configured now, in its order: a name is one, however many addresses it has. */
    public List<BackendConfig> configured() {
        return configured.stream()
                .filter(backend -> backend.address().isEmpty())
                .toList();
    }

    /** What the pool has been given: each address of a name is one. */
    public List<BackendConfig> members() {
        return now;
    }

    /**
     * Changes what is configured. When this returns, the change has taken effect; if the function throws, there is none.
     *
     * <p>A member at an address of a name may be in the list, too, if something else is wanted of it than of the name. It stays there for as long
     * as it is a member.
     *
     * @param change what to make of the present list; each id once in what it returns
     */
    public void change(UnaryOperator<List<BackendConfig>> change) {
        change(Optional.empty(), change);
    }

    /** The same, looking names up like this from now on; with an interval of zero a name is one backend, looked up for each connection. */
    public void change(DnsConfig by, UnaryOperator<List<BackendConfig>> change) {
        change(Optional.of(by), change);
    }

    private void change(Optional<DnsConfig> by, UnaryOperator<List<BackendConfig>> change) {
        changing.lock();
        try {
            List<BackendConfig> next = List.copyOf(change.apply(configured));
            if (closed) {
                return; // what the pool has is all it will have
            }
            configured = next;
            dns = by.orElse(dns);
            await(names.watch(next.stream().flatMap(Membership::name).collect(Collectors.toSet()), dns));
            if (!closed) {
                publish();
            }
        } finally {
            changing.unlock();
        }
    }

    /** Looks nothing up any more; what the pool has stays. Ends the wait of a change that is under way, and waits for nothing itself. */
    @Override
    public void close() {
        closed = true;
        names.close();
    }

    private static void await(CompletableFuture<Void> known) {
        try {
            known.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // late answers are taken when they come
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look-up never fails", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The members follow soon. */
    private void moved() {
        if (moving.compareAndSet(false, true)) {
            Thread.ofVirtual().name("names that moved").start(this::follow);
        }
    }

    private void follow() {
        try {
            Thread.sleep(TOGETHER.plus(last.multipliedBy(PAUSES)));
            Boundary.around("following names", () -> {
                changing.lock();
                try {
                    moving.set(false);
                    long begun = Deadline.now();
                    if (!closed) {
                        publish();
                    }
                    last = Duration.ofNanos(Deadline.now() - begun);
                } finally {
                    changing.unlock();
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private void publish() {
        List<BackendConfig> next = expand();
        configured = configured.stream()
                .filter(backend -> backend.address().isEmpty() || next.contains(backend))
                .toList();
        if (!next.equals(now)) {
            now = next;
            members.accept(next);
            changed.run();
        }
    }

    /** Each at each of its addresses; as it is, if it needs no look-up or its addresses are not known. */
    private List<BackendConfig> expand() {
        Map<String, BackendConfig> single = configured.stream()
                .filter(backend -> backend.address().isPresent())
                .collect(Collectors.toMap(BackendConfig::id, backend -> backend));
        return configured().stream()
                .flatMap(this::expand)
                .map(backend -> single.isEmpty() ? backend : single.getOrDefault(backend.id(), backend))
                .toList();
    }

    private Stream<BackendConfig> expand(BackendConfig backend) {
        List<InetAddress> addresses =
                name(backend).findFirst().map(names::addresses).orElse(List.of());
        return addresses.isEmpty() ? Stream.of(backend) : addresses.stream().map(backend::at);
    }

    /** The name that is looked up. Of the two addresses of {@code localhost} only one may be served, so it stays one backend. */
    private static Stream<String> name(BackendConfig backend) {
        boolean known = backend.host() instanceof Host.Name && !backend.host().equals(Host.LOCALHOST);
        return known ? Stream.of(backend.host().text()) : Stream.empty();
    }
}
