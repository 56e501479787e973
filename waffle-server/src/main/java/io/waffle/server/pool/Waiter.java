// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a backend: its place in the {@link WaitQueue}, and what it has got.
 *
 * <p>Threading: guarded by the lock of the queue, but for {@link #isCalled}, which any thread may ask, and what was granted, which the thread of
 * the request reads when it has left. As long as it waits, its request is not touched by its own thread.
 */
final class Waiter {

    private final PickContext request;

    @Nullable
    Waiter before;

    @Nullable
    Waiter behind;

    private boolean waiting;
    private long since;
    private @Nullable Runnable wake;
    private volatile boolean called;
    private @Nullable PooledBackend granted;
    private @Nullable Standing counted;

    Waiter(PickContext request) {
        this.request = request;
    }

    void begin(long age, Runnable call) {
        waiting = true;
        since = age;
        wake = call;
        called = false;
        granted = null;
        counted = null;
    }

    boolean isWaiting() {
        return waiting;
    }

    boolean isOlderThan(long age) {
        return since - age <= 0;
    }

    long since() {
        return since;
    }

    PickContext request() {
        return request;
    }

    /** Whether this one, of whatever is left for the request, may be given to it. */
    boolean mayUse(PooledBackend backend, Snapshot now) {
        Tier best = backend.tier() == Tier.AVAILABLE ? Tier.AVAILABLE : now.tierOf(request);
        return request.mayServe(backend, best) || now.keeps(request, backend);
    }

    /** It has this one, counted in; or none, since there is none for it any more. */
    void call(@Nullable PooledBackend backend, @Nullable Standing countedIn) {
        waiting = false;
        granted = backend;
        counted = countedIn;
        called = true;
        Runnable call = wake;
        wake = null;
        if (call != null) {
            call.run();
        }
    }

    /** Waits no longer, for reasons of its own. */
    void giveUp() {
        waiting = false;
        wake = null;
    }

    boolean isCalled() {
        return called;
    }

    @Nullable
    PooledBackend granted() {
        return granted;
    }

    @Nullable
    Standing counted() {
        return counted;
    }
}
