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
    private final WaitQueue queue = new WaitQueue();
    private final LongSupplier nanoTime;

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
        this.nanoTime = nanoTime;
        roster = new Roster(name, policy, timer, nanoTime, random, queue, controlThreads);
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
        return roster.now().own().strategy();
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
     * @return null if there is none that may serve it, or they are full
     */
    public @Nullable PooledBackend acquire(PickContext request) {
        Snapshot now = roster.now();
        PooledBackend chosen = choose(now, request, now.likelyTierOf(request));
        // All of these may just have been replaced by others, or changed before the snapshot that says so, or the one
        // that was chosen been filled.
        while (chosen == null && (isOutdated(now) || now.anyOpen(request, now.tierOf(request)))) {
            now = roster.now();
            chosen = choose(now, request, now.tierOf(request));
        }
        if (chosen != null) {
            start(now, request, chosen);
        }
        return chosen;
    }

    @SuppressWarnings("ReferenceEquality") // the question is whether it was replaced
    private boolean isOutdated(Snapshot snapshot) {
        return snapshot != roster.now();
    }

    private static void start(Snapshot now, PickContext request, PooledBackend chosen) {
        GuardedStrategy by = now.by(request).strategy();
        request.startedBy(by);
        by.started(chosen);
    }

    /**
     * Whether it is worth waiting when {@link #acquire} has found none: there are backends for the request that can only have been full. One
     * of them may have become free since, so this does not ask whether they still are.
     */
    public boolean mayWait(PickContext request) {
        return roster.now().anyBounded(request) || request.mayStay();
    }

    /** From now on so many requests may wait for a backend; who waits already goes on. */
    public void queuePlaces(int most) {
        queue.places(most);
    }

    /**
     * Lets the request wait for a backend that may serve it, behind those that are older. Must be followed by one {@link #dequeue} or {@link #abandon};
     * until then nobody else may use the request.
     *
     * @param age since when it is under way, as {@link System#nanoTime}; 0 if it has just come
     * @param call run once, by any thread, when {@link PickContext#isCalled} has become true; must be quick
     * @return false if too many wait; then it is not to be dequeued
     */
    public boolean enqueue(PickContext request, long age, Runnable call) {
        return queue.enter(request.waiter(), age == 0 ? nanoTime.getAsLong() : age, call, roster::now);
    }

    /**
     * Ends the wait, called or not.
     *
     * @return what the request was given, as by {@link #acquire}; null if nothing, in time or at all
     */
    public @Nullable PooledBackend dequeue(PickContext request) {
        queue.leave(request.waiter());
        PooledBackend granted = request.takeGranted();
        if (granted != null) {
            start(roster.now(), request, granted);
        }
        return granted;
    }

    /** Ends the wait of a request that nobody wants any more; what it was given goes to the next. */
    public void abandon(PickContext request) {
        Waiter waiter = request.waiter();
        queue.leave(waiter);
        PooledBackend granted = waiter.granted();
        Standing counted = waiter.counted();
        if (granted != null && counted != null) {
            free(granted, counted);
        }
    }

    /** Whether any backend may be sent requests, or would be although health has something against it. One that is full counts. */
    public boolean canServe() {
        return roster.now().canServe();
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
        Tier tier = now.tierOf(request);
        PooledBackend home = home(now, request, tier);
        request.beginPick(roster, tier);
        try {
            List<Explanation.Candidate> candidates = now.members().stream()
                    .map(backend -> new Explanation.Candidate(backend, request.isOpen(backend), backend.obstacles()))
                    .toList();
            if (home != null && !home.isFull()) {
                return new Explanation(candidates, Optional.of(home), Explanation.Why.STICKY);
            }
            Explanation.Told told = told(now, request, tier);
            boolean lenient = tier.isLastResort() && told.choice().isPresent();
            return new Explanation(candidates, told.choice(), lenient ? Explanation.Why.ALL_DOWN : told.why());
        } finally {
            request.endPick(null);
        }
    }

    private static Explanation.Told told(Snapshot now, PickContext request, Tier tier) {
        if (!now.anyOpen(request, tier)) {
            return new Explanation.Told(Optional.empty(), Explanation.Why.NONE);
        }
        return tier == Tier.EJECTED
                ? new Explanation.Told(Optional.ofNullable(now.lastResort(request)), Explanation.Why.ALL_DOWN)
                : now.by(request).peek(now, request);
    }

    /** Whether there is another backend for the request, full or not. */
    public boolean hasAnother(PickContext request) {
        return roster.now().tierOf(request) != Tier.NONE;
    }

    /**
     * Takes what an attempt has come to into account, as far as it says anything of its backend: as soon as that is known, and once. One that has
     * failed too often with it is left out from the very next pick on.
     *
     * @param status of the response, if that is what it came to
     */
    public void judge(PickContext request, PooledBackend backend, Outcome.Kind kind, int status) {
        if (request.judge()) {
            roster.standings().judge(request, backend, kind, status);
        }
    }

    /**
     * Counts out an attempt of the request that has ended, however it ended: exactly once for each backend acquired, before the next one is. What it
     * was not judged by yet it is by its outcome.
     */
    public void release(PickContext request, PooledBackend backend, Outcome outcome) {
        judge(request, backend, outcome.kind(), outcome.status());
        free(backend, request.under());
        request.startedBy().completed(backend, outcome);
    }

    private void free(PooledBackend backend, Standing under) {
        if (queue.isEmpty()) {
            backend.countOut(under);
            queue.serveAll(roster.now());
        } else {
            queue.handOver(backend, under, roster.now());
        }
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
     * Has the strategies of a policy that is to come choose already, with their first pickers made, for the requests that want them: routes that do may be served
     * before the pool {@linkplain #goBy goes by} it.
     */
    public void welcome(Policy next) {
        roster.welcome(next);
    }

    /**
     * Goes by another policy from the next pick on. What is ejected, or grows, goes on. A strategy that is replaced is ended, and is still told
     * how its attempts end; one that fails at making its first picker does not fail the pool.
     */
    public void goBy(Policy policy) {
        roster.goBy(policy);
    }

    /** So many checks of a backend have passed in a row as bring it back, into service or, from an ejection, on probation. */
    public void markUp(PooledBackend backend) {
        roster.standings().note(backend, backend.changes(), Standing.Event.CHECKS_PASS);
    }

    /**
     * As {@link #markUp(PooledBackend)}, but only if it still stands as it did when these checks began.
     *
     * @param changes what {@link PooledBackend#changes} was then
     */
    public void markUp(PooledBackend backend, int changes) {
        roster.standings().note(backend, changes, Standing.Event.CHECKS_PASS);
    }

    /** Takes a backend out of service, from the very next pick on. What it has in flight goes on. */
    public void markDown(PooledBackend backend) {
        roster.standings().note(backend, backend.changes(), Standing.Event.CHECKS_FAIL);
    }

    /** Takes back what checks have against a backend, since there are none any more. */
    public void forgetChecks(PooledBackend backend) {
        roster.standings().note(backend, backend.changes(), Standing.Event.CHECKS_END);
    }

    /** Ends the strategy. Nothing can be acquired any more; what is in flight may still be released. */
    @Override
    public void close() {
        roster.close();
    }

    private @Nullable PooledBackend choose(Snapshot now, PickContext request, Tier tier) {
        PooledBackend home = request.triedCount() == 0 ? home(now, request, tier) : null;
        if (home != null && request.stay(home)) {
            return home;
        }
        if (tier == Tier.EJECTED) {
            return chooseLastResort(now, request);
        }
        if (tier == Tier.NONE || (now.bounded() && !now.anyOpen(request, tier))) {
            return null;
        }
        Balancing by = now.by(request);
        Snapshot members = by.picker() == null ? roster.withPicker(by) : now;
        PooledBackend chosen = null;
        boolean counted = false;
        request.beginPick(roster, tier);
        try {
            chosen = members.by(request).pick(members, request);
        } finally {
            counted = request.endPick(chosen);
        }
        return counted ? chosen : null;
    }

    private static @Nullable PooledBackend chooseLastResort(Snapshot now, PickContext request) {
        PooledBackend chosen = now.lastResort(request);
        Standing counted = chosen == null ? null : chosen.countIn(true);
        if (chosen == null || counted == null) {
            return null;
        }
        request.take(chosen, counted, request.reason(Tier.EJECTED));
        return chosen;
    }

    /** Whether a cookie of the request leads to a backend of this pool, whatever its state. */
    public boolean knows(PickContext request) {
        StickyTable table = roster.now().sticky();
        return table != null && request.named(table) != null;
    }

    /** The backend the client is kept with, if that may serve it. */
    private static @Nullable PooledBackend home(Snapshot now, PickContext request, Tier tier) {
        StickyTable table = now.sticky();
        PooledBackend home = table == null ? null : request.findHome(table);
        boolean serves = home != null
                && table != null
                && ((home.tier() == tier && tier != Tier.NONE) || home.keepsClients(table.drainNanos()));
        return serves ? home : null;
    }
}
