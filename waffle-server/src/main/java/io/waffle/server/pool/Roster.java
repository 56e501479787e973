// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.EjectionConfig.AllDown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The changing side of a {@link Pool}: who its members are, what state each is in, and what the pool goes by. Each change is published by one
 * swap of the {@link Snapshot} that picks are made from.
 *
 * <p>Threading: any thread; changes are made one at a time, under one lock.
 */
final class Roster implements PickerMaker.Host {

    /** How long a change of members or policy waits for its picker: a strategy that needs longer gets the time, but the change goes on. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How long a stop waits for the strategy to close: it ends with the process at the latest. */
    private static final Duration LAST_PATIENCE = Duration.ofMillis(100);

    /** How long the strategies of a pool wait for each other: one that takes its time holds up no other for longer. */
    private static final Duration TURN = Duration.ofMillis(100);

    private final String name;
    private final Rotation rotation;
    private final Timer timer;
    private final Supplier<Executor> controlThreads;
    private final LongSupplier nanoTime;
    private final ReentrantLock changing = new ReentrantLock();
    private final ReentrantLock making = new ReentrantLock();
    private final WaitQueue queue;
    private volatile Snapshot snapshot;

    private final Standings standings;

    /** Guarded by the lock, as the three below are. */
    private SlowStart slowStart;

    private Policy policy;

    /** Who chooses, the pool's own first. */
    private List<GuardedStrategy> strategies;

    /** Whether the timer is set for weights that grow. */
    private boolean growing;

    Roster(
            String name,
            Policy policy,
            Timer timer,
            LongSupplier nanoTime,
            RandomGenerator random,
            WaitQueue queue,
            Supplier<Executor> controlThreads) {
        this.name = name;
        this.controlThreads = controlThreads;
        this.policy = policy;
        this.standings = new Standings(this, policy.ejection(), timer, nanoTime);
        this.slowStart = new SlowStart(policy.slowStart(), nanoTime);
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.rotation = new Rotation(random);
        this.queue = queue;
        this.strategies = policy.strategies().stream().map(this::guarded).toList();
        this.snapshot = Snapshot.empty(strategies.getFirst());
    }

    /** What was published last. */
    Snapshot now() {
        return snapshot;
    }

    /** As {@link Pool#update}. */
    void update(List<BackendConfig> backends) {
        await(change(backends));
    }

    /** Waits for their pickers, for all together no longer than is bearable. Must hold no lock. */
    private void await(List<GuardedStrategy> all) {
        long end = nanoTime.getAsLong() + PATIENCE.toNanos();
        for (GuardedStrategy each : all) {
            each.pickers().await(Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong())), PATIENCE);
        }
    }

    /** Returns who chooses among them. */
    private List<GuardedStrategy> change(List<BackendConfig> backends) {
        changing.lock();
        try {
            Map<String, PooledBackend> leaving = new HashMap<>();
            snapshot.members().forEach(backend -> leaving.put(key(backend.config()), backend));
            List<PooledBackend> members = new ArrayList<>();
            for (BackendConfig config : distinct(backends)) {
                PooledBackend same = leaving.remove(key(config));
                if (same == null) {
                    same = joining(config);
                } else {
                    change(same, config);
                }
                members.add(same);
            }
            publish(List.copyOf(members)); // first: while there is no other, those that leave are still of use
            leaving.values().forEach(PooledBackend::leave);
            return strategies;
        } finally {
            changing.unlock();
        }
    }

    /** As {@link Pool#goBy}. Another strategy takes over with its first picker made, unless that takes too long. */
    void goBy(Policy next) {
        List<GuardedStrategy> wanted = take(next);
        await(wanted);
        changing.lock();
        try {
            List<GuardedStrategy> former = strategies;
            if (!wanted.equals(former)) {
                strategies = wanted;
                publish(snapshot.members());
                former.stream().filter(strategy -> !wanted.contains(strategy)).forEach(Roster::close);
            }
        } finally {
            changing.unlock();
        }
    }

    /** As {@link Pool#welcome}. */
    void welcome(Policy next) {
        List<GuardedStrategy> fresh = fresh(next);
        await(fresh);
        changing.lock();
        try {
            if (!fresh.isEmpty()) {
                strategies = Stream.concat(strategies.stream(), fresh.stream()).toList();
                publish(snapshot.members());
            }
        } finally {
            changing.unlock();
        }
    }

    private List<GuardedStrategy> fresh(Policy next) {
        changing.lock();
        try {
            return wanted(next).stream()
                    .filter(strategy -> !strategies.contains(strategy))
                    .toList();
        } finally {
            changing.unlock();
        }
    }

    /** Goes by all of it but the strategies. Returns who is to choose from now on. */
    private List<GuardedStrategy> take(Policy next) {
        changing.lock();
        try {
            if (next.isSame(policy)) {
                return wanted(next);
            }
            Policy former = policy;
            policy = next;
            standings.goBy(next.ejection());
            slowStart = new SlowStart(next.slowStart(), nanoTime);
            if (!next.stickiness().equals(former.stickiness())) {
                snapshot.members().forEach(backend -> backend.stick(next.stickiness()));
            }
            List<GuardedStrategy> wanted = wanted(next);
            if (wanted.equals(strategies)) {
                publish(snapshot.members());
            }
            return wanted;
        } finally {
            changing.unlock();
        }
    }

    private List<GuardedStrategy> wanted(Policy next) {
        return next.strategies().stream().map(this::knownOrNew).toList();
    }

    private GuardedStrategy knownOrNew(Strategy strategy) {
        for (GuardedStrategy known : strategies) {
            if (known.is(strategy)) {
                return known;
            }
        }
        GuardedStrategy other = guarded(strategy);
        other.pickers().renew();
        return other;
    }

    /** How its members stand, and what happens to that. */
    Standings standings() {
        return standings;
    }

    /** Has what is done there happen as one change, none other at the same time. */
    boolean change(BooleanSupplier one) {
        changing.lock();
        try {
            return one.getAsBoolean();
        } finally {
            changing.unlock();
        }
    }

    /** The standing of a backend has changed; within a {@link #change}. */
    void stands(PooledBackend backend, boolean back) {
        if (back) {
            slowStart.begin(backend);
        }
        publish(snapshot.members());
    }

    /** Whether it drains, and still serves the clients that are kept with it; within a {@link #change}. */
    boolean keepsClients(PooledBackend backend) {
        return policy.stickiness().isPresent()
                && backend.keepsClients(policy.stickiness().get().drainNanos());
    }

    /** Asks for a picker, if it is time to ask once more for one that could not be had. */
    Snapshot withPicker(Balancing without) {
        if (without.strategy().tryProbe()) {
            without.strategy().pickers().renew();
        }
        return snapshot;
    }

    @Override
    public Executor controlThread() {
        return controlThreads.get();
    }

    @Override
    public List<PooledBackend> weighedMembers() {
        changing.lock();
        try {
            if (slowStart.weigh(snapshot.members()) && !growing) {
                growing = true;
                timer.after(slowStart.step(), this::grow);
            }
            return snapshot.members();
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void alone(Runnable making) {
        boolean alone = isTurn();
        try {
            making.run();
        } finally {
            if (alone) {
                this.making.unlock();
            }
        }
    }

    private boolean isTurn() {
        try {
            return making.tryLock(TURN.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void adopt(GuardedStrategy strategy) {
        changing.lock();
        try {
            if (snapshot.has(strategy)) {
                snapshot = snapshot.adopting(strategy);
            }
        } finally {
            changing.unlock();
        }
    }

    /** As {@link Pool#statuses}. */
    List<BackendStatus> statuses() {
        changing.lock();
        try {
            return snapshot.members().stream().map(this::status).toList();
        } finally {
            changing.unlock();
        }
    }

    /** As {@link Pool#close}. */
    void close() {
        CompletableFuture<?>[] closed =
                end().stream().map(strategy -> strategy.pickers().close()).toArray(CompletableFuture<?>[]::new);
        PickerMaker.isDone(CompletableFuture.allOf(closed), LAST_PATIENCE);
    }

    private List<GuardedStrategy> end() {
        changing.lock();
        try {
            snapshot.members().forEach(PooledBackend::leave);
            snapshot = Snapshot.empty(strategies.getFirst());
            queue.serveAll(snapshot);
            return strategies;
        } finally {
            changing.unlock();
        }
    }

    private PooledBackend joining(BackendConfig config) {
        PooledBackend backend = new PooledBackend(this, config, nanoTime);
        backend.stick(policy.stickiness());
        if (!snapshot.members().isEmpty()) {
            slowStart.begin(backend);
        }
        return backend;
    }

    private void change(PooledBackend backend, BackendConfig config) {
        boolean idle = !backend.takesRequests();
        backend.config(config);
        if (idle && backend.takesRequests()) {
            slowStart.begin(backend);
        }
    }

    private void grow() {
        changing.lock();
        try {
            growing = false;
            publish(snapshot.members());
        } finally {
            changing.unlock();
        }
    }

    /** With the pickers there are, and asks for those for this: but for the first of a strategy, if it was made for these. */
    private void publish(List<PooledBackend> members) {
        int available = 0;
        for (PooledBackend backend : members) {
            available += backend.tier() == Tier.AVAILABLE && backend.isInService() ? 1 : 0;
        }
        Snapshot former = snapshot;
        List<Balancing> all = strategies.stream().map(Balancing::now).toList();
        snapshot = new Snapshot(
                members,
                available,
                members.stream().anyMatch(PooledBackend::isBounded),
                policy.ejection().allDown() == AllDown.TRY_ALL,
                all.getFirst(),
                all.subList(1, all.size()),
                policy.stickiness().map(how -> how.table(members)).orElse(null));
        all.forEach(each -> renew(each, former, members));
        queue.serveAll(snapshot);
    }

    @SuppressWarnings("ReferenceEquality") // the question is whether it is the same list
    private static void renew(Balancing each, Snapshot former, List<PooledBackend> members) {
        boolean first = !former.has(each.strategy());
        if (!first || each.made().members() != members) {
            each.strategy().pickers().renew();
        }
    }

    private static void close(GuardedStrategy strategy) {
        CompletableFuture<?> _ = strategy.pickers().close(); // nobody waits for it
    }

    private BackendStatus status(PooledBackend backend) {
        return new BackendStatus(
                backend,
                backend.config(),
                backend.isUp(),
                standings.left(backend),
                backend.isGrowing(),
                slowStart.effectiveWeight(backend),
                backend.inFlight(),
                backend.standing().ejections(),
                backend.isAvailable());
    }

    private GuardedStrategy guarded(Strategy strategy) {
        return new GuardedStrategy(name, strategy, nanoTime, rotation, this);
    }

    /** What makes it the same backend, whatever else is configured of it. */
    private static String key(BackendConfig config) {
        return config.tls() ? "https://" + config.id() : config.id();
    }

    private static List<BackendConfig> distinct(List<BackendConfig> backends) {
        Map<String, BackendConfig> seen = new HashMap<>();
        for (BackendConfig backend : backends) {
            if (seen.put(backend.id(), backend) != null) {
                throw new IllegalArgumentException("backends: " + backend.id() + " (expected: each backend once)");
            }
        }
        return backends;
    }
}
