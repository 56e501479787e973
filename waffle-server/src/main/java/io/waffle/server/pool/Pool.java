// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Outcome;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.EjectionConfig;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Backends with the strategy that balances over them. Every attempt is acquired here before it is sent, and released once when it has ended.
 *
 * <p>Threading: {@link #acquire} and {@link #release} by any thread; they never block, and read one published snapshot. Changes (of members
 * or their health) are made under a lock, one at a time, and published by one swap.
 */
public final class Pool implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.waffle.pool");

    private final String name;
    private final Rotation rotation;
    private final Ejections ejections;
    private final SlowStart slowStart;
    private final Timer timer;
    private final LongSupplier nanoTime;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Snapshot snapshot;

    /** Whether the timer is set for weights that grow; guarded by the lock. */
    private boolean growing;

    /** How clients are kept with their backends; null if they are not. Guarded by the lock. */
    private @Nullable Stickiness stickiness;

    /**
     * Makes a pool and its first picker. A strategy that fails at that does not fail the pool.
     *
     * @param slowStart how long the weight of one that has come, or come back, grows; zero for at once
     * @param nanoTime monotonic time, as {@link System#nanoTime}
     * @param random used once, here
     */
    public Pool(
            String name,
            List<BackendConfig> backends,
            Strategy strategy,
            EjectionConfig ejection,
            Duration slowStart,
            Timer timer,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.name = name;
        this.ejections = new Ejections(ejection, nanoTime);
        this.slowStart = new SlowStart(slowStart, nanoTime);
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.rotation = new Rotation(random);
        this.snapshot = Snapshot.empty(guarded(strategy));
        update(backends);
    }

    public String name() {
        return name;
    }

    /** The members now, in configured order. */
    public List<PooledBackend> backends() {
        return snapshot.members();
    }

    /** Keeps clients with their backends in this way from now on, or not at all. */
    public void stick(Optional<Stickiness> how) {
        changing.lock();
        try {
            if (stickiness == null && how.isEmpty()) {
                return;
            }
            stickiness = how.orElse(null);
            snapshot.members().forEach(backend -> backend.stick(stickiness));
            publish(snapshot.members());
        } finally {
            changing.unlock();
        }
    }

    /** How often the strategy has failed: thrown, or picked what it must not. */
    public long faults() {
        return snapshot.strategy().faults();
    }

    /** Whether the strategy has failed so often that requests are balanced without it for now. */
    public boolean isQuarantined() {
        return snapshot.strategy().isQuarantined();
    }

    /**
     * Chooses a backend for the next attempt of the request and counts it in. Every call that returns a backend must be followed by one
     * {@link #release}.
     *
     * @return null if none is eligible: all are down, or were tried for this request
     */
    @SuppressWarnings("ReferenceEquality") // the question is whether it was replaced
    public @Nullable PooledBackend acquire(PickContext request) {
        Snapshot now;
        PooledBackend chosen;
        do {
            now = snapshot;
            chosen = choose(now, request);
            // All of these may just have been replaced by others, or the one that was chosen may just have been filled.
        } while (chosen == null && (now != snapshot || (now.bounded() && now.nextOpen(request, 0) != null)));
        if (chosen != null) {
            request.startedBy(now.strategy());
            now.strategy().started(chosen);
        }
        return chosen;
    }

    /**
     * Whether it is worth waiting when {@link #acquire} has found none: there are backends for the request that can only have been full. One
     * of them may have become free since, so this does not ask whether they still are.
     */
    public boolean mayWait(PickContext request) {
        return snapshot.anyBounded(request) || request.mayStay();
    }

    /** Whether any backend that is available may be sent one more request. */
    public boolean hasRoom() {
        return snapshot.members().stream().anyMatch(backend -> backend.isAvailable() && !backend.isFull());
    }

    /** Whether any backend may be sent requests, or would be although health has something against it. One that is full counts. */
    public boolean canServe() {
        Snapshot now = snapshot;
        Leniency leniency = now.leniency(ejections.triesAll());
        return now.members().stream().anyMatch(leniency::allows);
    }

    /** What each member is like now, in configured order. */
    public List<BackendStatus> statuses() {
        changing.lock();
        try {
            return snapshot.members().stream().map(this::status).toList();
        } finally {
            changing.unlock();
        }
    }

    /**
     * What {@link #acquire} would choose for the request now, and why. Moves nothing: no position, no counter, nothing in flight.
     *
     * @param request one that no attempt is under way for
     */
    public Explanation explain(PickContext request) {
        Snapshot now = snapshot;
        Leniency leniency = now.leniency(ejections.triesAll());
        PooledBackend home = home(now, request, leniency);
        request.beginPick(this, leniency);
        try {
            List<Explanation.Candidate> candidates = now.members().stream()
                    .map(backend -> new Explanation.Candidate(backend, request.isOpen(backend), backend.obstacles()))
                    .toList();
            if (home != null && !home.isFull()) {
                return new Explanation(candidates, Optional.of(home), Explanation.Why.STICKY);
            }
            Explanation.Told told = candidates.stream().anyMatch(Explanation.Candidate::open)
                    ? now.strategy().peek(now, request)
                    : new Explanation.Told(Optional.empty(), Explanation.Why.NONE);
            boolean lenient = leniency != Leniency.NONE && told.choice().isPresent();
            return new Explanation(candidates, told.choice(), lenient ? Explanation.Why.ALL_DOWN : told.why());
        } finally {
            request.endPick(null);
        }
    }

    /** Whether {@link #acquire} would find another backend for the request. */
    public boolean hasAnother(PickContext request) {
        return snapshot.anyOpen(request);
    }

    /**
     * Counts out an attempt of the request that has ended, however it ended: exactly once for each backend acquired, before the next one is.
     * One that has failed too often with it is left out from the very next pick on.
     */
    public void release(PickContext request, PooledBackend backend, Outcome outcome) {
        backend.countOut();
        request.startedBy().completed(backend, outcome);
        if (ejections.condemns(backend, outcome)) {
            eject(backend, outcome);
        }
    }

    /**
     * Changes the members. One whose URL was there before stays the same object, with what it has in flight; one that left gets no new
     * request.
     *
     * @param backends each id once; may be empty
     */
    public void update(List<BackendConfig> backends) {
        changing.lock();
        try {
            Map<String, PooledBackend> leaving = new HashMap<>();
            snapshot.members().forEach(backend -> leaving.put(key(backend.config()), backend));
            List<PooledBackend> members = new ArrayList<>();
            for (BackendConfig config : distinct(backends)) {
                PooledBackend same = leaving.remove(key(config));
                if (same == null) {
                    same = new PooledBackend(this, config, nanoTime);
                    same.stick(stickiness);
                    if (!snapshot.members().isEmpty()) {
                        slowStart.begin(same);
                    }
                } else {
                    boolean idle = !same.takesRequests();
                    same.config(config);
                    if (idle && same.takesRequests()) {
                        slowStart.begin(same);
                    }
                }
                members.add(same);
            }
            publish(List.copyOf(members)); // first: while there is no other, those that leave are still of use
            leaving.values().forEach(PooledBackend::leave);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Balances by another strategy from the next pick on, and ends the one before, which is still told how its attempts end. A strategy that
     * fails at making its first picker does not fail the pool.
     */
    public void balanceBy(Strategy strategy) {
        changing.lock();
        try {
            GuardedStrategy former = snapshot.strategy();
            publish(snapshot.members(), guarded(strategy));
            former.close();
        } finally {
            changing.unlock();
        }
    }

    /** Ejects by these rules from now on, and lets weights grow for so long. What is ejected, or grows, goes on. */
    public void tune(EjectionConfig ejection, Duration slowStart) {
        changing.lock();
        try {
            ejections.config(ejection);
            this.slowStart.time(slowStart);
            publish(snapshot.members());
        } finally {
            changing.unlock();
        }
    }

    /** Puts a backend back into service. */
    public void markUp(PooledBackend backend) {
        mark(backend, true);
    }

    /** Takes a backend out of service, from the very next pick on. What it has in flight goes on. */
    public void markDown(PooledBackend backend) {
        mark(backend, false);
    }

    /** Ends the strategy. Nothing can be acquired any more; what is in flight may still be released. */
    @Override
    public void close() {
        changing.lock();
        try {
            snapshot.members().forEach(PooledBackend::leave);
            GuardedStrategy last = snapshot.strategy();
            snapshot = Snapshot.empty(last);
            last.close();
        } finally {
            changing.unlock();
        }
    }

    /** The lock is held by the caller. */
    private BackendStatus status(PooledBackend backend) {
        return new BackendStatus(
                backend,
                backend.config(),
                backend.isUp(),
                backend.isEjected() ? Optional.of(ejections.left(backend)) : Optional.empty(),
                backend.isGrowing(),
                slowStart.effectiveWeight(backend),
                backend.inFlight(),
                backend.ejections(),
                backend.isAvailable());
    }

    private @Nullable PooledBackend choose(Snapshot now, PickContext request) {
        Leniency leniency = now.leniency(ejections.triesAll());
        PooledBackend home = request.triedCount() == 0 ? home(now, request, leniency) : null;
        if (home != null && request.stay(home)) {
            return home;
        }
        if (leniency == Leniency.NONE && !now.anyOpen(request)) {
            return null;
        }
        Snapshot members = now.picker() == null ? withPicker(now) : now;
        PooledBackend chosen = null;
        boolean counted = false;
        request.beginPick(this, leniency);
        try {
            chosen = members.strategy().pick(members, request);
        } finally {
            counted = request.endPick(chosen);
        }
        return counted ? chosen : null;
    }

    /** The backend the client is kept with, if that may serve it. */
    private static @Nullable PooledBackend home(Snapshot now, PickContext request, Leniency leniency) {
        StickyTable table = now.sticky();
        PooledBackend home = table == null ? null : request.findHome(table);
        boolean serves =
                home != null && table != null && (leniency.allows(home) || home.keepsClients(table.drainNanos()));
        return serves ? home : null;
    }

    /** Asks once more for the picker that could not be had, if it is time to; whoever changes the pool meanwhile asks anyway. */
    private Snapshot withPicker(Snapshot now) {
        if (!now.strategy().tryProbe() || !changing.tryLock()) {
            return now;
        }
        try {
            return publish(snapshot.members());
        } finally {
            changing.unlock();
        }
    }

    private void mark(PooledBackend backend, boolean up) {
        changing.lock();
        try {
            if (backend.isUp() != up) {
                backend.up(up);
                if (up) {
                    slowStart.begin(backend);
                }
                publish(snapshot.members());
            }
        } finally {
            changing.unlock();
        }
    }

    private void eject(PooledBackend backend, Outcome last) {
        changing.lock();
        try {
            if (!backend.isAvailable() && !keepsClients(backend)) {
                return; // already, by another attempt
            }
            String why = backend.record().describe(last);
            if (!ejections.allows(backend, snapshot.members())) {
                backend.complain("would be ejected (" + why + ") if there were enough others");
                return;
            }
            Duration time = ejections.eject(backend);
            publish(snapshot.members());
            LOG.log(Level.WARNING, "backend " + backend + " is ejected for " + time.toMillis() + " ms: " + why);
            timer.after(time, () -> readmit(backend));
        } finally {
            changing.unlock();
        }
    }

    /** The lock is held by the caller. */
    private boolean keepsClients(PooledBackend backend) {
        return stickiness != null && backend.keepsClients(stickiness.drainNanos());
    }

    private void readmit(PooledBackend backend) {
        changing.lock();
        try {
            if (backend.isMember()) {
                ejections.readmit(backend);
                slowStart.begin(backend);
                publish(snapshot.members());
                LOG.log(Level.INFO, "backend " + backend + " is back on probation");
            }
        } finally {
            changing.unlock();
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

    /** The lock is held by the caller. */
    private Snapshot publish(List<PooledBackend> members) {
        return publish(members, snapshot.strategy());
    }

    private Snapshot publish(List<PooledBackend> members, GuardedStrategy strategy) {
        int available =
                (int) members.stream().filter(PooledBackend::isAvailable).count();
        if (slowStart.weigh(members) && !growing) {
            growing = true;
            timer.after(slowStart.step(), this::grow);
        }
        boolean bounded = members.stream().anyMatch(PooledBackend::isBounded);
        StickyTable table = stickiness == null ? null : stickiness.table(members);
        Snapshot next = new Snapshot(members, available, bounded, strategy, table, strategy.picker(members));
        snapshot = next;
        return next;
    }

    private GuardedStrategy guarded(Strategy strategy) {
        return new GuardedStrategy(name, strategy, nanoTime, rotation);
    }

    /** What makes it the same backend, whatever else is configured of it. */
    private static String key(BackendConfig config) {
        return config.uri().getScheme() + "://" + config.id();
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
