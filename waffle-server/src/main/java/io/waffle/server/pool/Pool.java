// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Outcome;
import io.waffle.server.config.BackendConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Backends with the strategy that balances over them. Every attempt is acquired here before it is sent, and released once when it has ended.
 *
 * <p>Threading: {@link #acquire} and {@link #release} by any thread; they never block, and read one published snapshot. Changes (of members,
 * their health, or the policy) are made by the {@link Roster}, one at a time, and published by one swap.
 */
public final class Pool implements AutoCloseable {

    private final String name;
    private final Roster roster;

    /**
     * Makes a pool and its first picker. A strategy that fails at that does not fail the pool.
     *
     * @param nanoTime monotonic time, as {@link System#nanoTime}
     * @param random used once, here
     */
    public Pool(
            String name,
            List<BackendConfig> backends,
            Policy policy,
            Timer timer,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this(name, backends, policy, timer, nanoTime, random, ControlThread::new);
    }

    /**
     * As the public one.
     *
     * @param controlThreads makes for each strategy what its pickers are made by, one after the other
     */
    Pool(
            String name,
            List<BackendConfig> backends,
            Policy policy,
            Timer timer,
            LongSupplier nanoTime,
            RandomGenerator random,
            Supplier<Executor> controlThreads) {
        this.name = name;
        roster = new Roster(name, policy, timer, nanoTime, random, controlThreads);
        roster.update(backends);
    }

    public String name() {
        return name;
    }

    /** The members now, in configured order. */
    public List<PooledBackend> backends() {
        return roster.now().members();
    }

    /** Who balances now. */
    GuardedStrategy strategy() {
        return roster.now().strategy();
    }

    /** How often the strategy has failed: thrown, or picked what it must not. */
    public long faults() {
        return strategy().faults();
    }

    /** Whether the strategy has failed so often that requests are balanced without it for now. */
    public boolean isQuarantined() {
        return strategy().isQuarantined();
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
            now = roster.now();
            chosen = choose(now, request);
            // All of these may just have been replaced by others, or the one that was chosen may just have been filled.
        } while (chosen == null && (now != roster.now() || (now.bounded() && anyOpen(now, request))));
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
        Snapshot now = roster.now();
        return now.anyBounded(request, now.leniency()) || request.mayStay();
    }

    /** Whether any backend may be sent one more request. */
    public boolean hasRoom() {
        Snapshot now = roster.now();
        Leniency leniency = now.leniency();
        return now.members().stream().anyMatch(backend -> leniency.allows(backend) && !backend.isFull());
    }

    /** Whether any backend may be sent requests, or would be although health has something against it. One that is full counts. */
    public boolean canServe() {
        Snapshot now = roster.now();
        return now.members().stream().anyMatch(now.leniency()::allows);
    }

    /** What each member is like now, in configured order. */
    public List<BackendStatus> statuses() {
        return roster.statuses();
    }

    /**
     * What {@link #acquire} would choose for the request now, and why. Moves nothing: no position, no counter, nothing in flight.
     *
     * @param request one that no attempt is under way for
     */
    public Explanation explain(PickContext request) {
        Snapshot now = roster.now();
        Leniency leniency = now.leniency();
        PooledBackend home = home(now, request, leniency);
        request.beginPick(roster, leniency);
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
        return anyOpen(roster.now(), request);
    }

    /**
     * Counts out an attempt of the request that has ended, however it ended: exactly once for each backend acquired, before the next one is.
     * One that has failed too often with it is left out from the very next pick on.
     */
    public void release(PickContext request, PooledBackend backend, Outcome outcome) {
        backend.countOut();
        request.startedBy().completed(backend, outcome);
        roster.judge(backend, outcome);
    }

    /**
     * Changes the members. One whose URL was there before stays the same object, with what it has in flight; one that left gets no new
     * request.
     *
     * @param backends each id once; may be empty
     */
    public void update(List<BackendConfig> backends) {
        roster.update(backends);
    }

    /**
     * Goes by another policy from the next pick on. What is ejected, or grows, goes on. A strategy that is replaced is ended, and is still told
     * how its attempts end; one that fails at making its first picker does not fail the pool.
     */
    public void goBy(Policy policy) {
        roster.goBy(policy);
    }

    /** Puts a backend back into service. */
    public void markUp(PooledBackend backend) {
        roster.mark(backend, true);
    }

    /** Takes a backend out of service, from the very next pick on. What it has in flight goes on. */
    public void markDown(PooledBackend backend) {
        roster.mark(backend, false);
    }

    /** Ends the strategy. Nothing can be acquired any more; what is in flight may still be released. */
    @Override
    public void close() {
        roster.close();
    }

    private @Nullable PooledBackend choose(Snapshot now, PickContext request) {
        Leniency leniency = now.leniency();
        PooledBackend home = request.triedCount() == 0 ? home(now, request, leniency) : null;
        if (home != null && request.stay(home)) {
            return home;
        }
        if (!now.anyOpen(request, leniency)) {
            return null;
        }
        Snapshot members = now.picker() == null ? roster.withPicker(now) : now;
        PooledBackend chosen = null;
        boolean counted = false;
        request.beginPick(roster, leniency);
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

    private static boolean anyOpen(Snapshot now, PickContext request) {
        return now.anyOpen(request, now.leniency());
    }
}
