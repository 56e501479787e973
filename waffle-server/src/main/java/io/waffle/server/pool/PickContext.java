// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Backend;
import io.waffle.api.PickRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a request remembers of the choices made for it: its attempts, the backends tried, and the claim of the pick under way. The request of
 * the proxy extends this and is used again and again, so a pick allocates nothing.
 *
 * <p>Threading: one thread at a time.
 */
public abstract class PickContext implements PickRequest {

    /** More attempts than this are rare; the array grows then. */
    private static final int USUAL_ATTEMPTS = 4;

    private @Nullable PooledBackend[] tried = new @Nullable PooledBackend[USUAL_ATTEMPTS];
    private int triedCount;
    private int attempt;

    /** Whose pick is under way; null at all other times, when nothing is eligible. */
    private @Nullable Roster picking;

    private Leniency leniency = Leniency.NONE;

    private boolean fellBack;
    private Reason reason = Reason.POLICY;

    private @Nullable PooledBackend claimed;

    /** Who was told of the attempt under way, and is to be told of its end. */
    private @Nullable GuardedStrategy startedBy;

    /** The backend its client is kept with; null if no cookie names one. */
    private @Nullable PooledBackend home;

    private boolean homeFull;

    /** Forgets everything, for the next request. */
    public final void reset() {
        Arrays.fill(tried, 0, triedCount, null);
        triedCount = 0;
        attempt = 0;
        home = null;
        homeFull = false;
    }

    /** The backend of this table that a cookie of the request names; null if there is none. */
    protected @Nullable PooledBackend named(StickyTable table) {
        return null;
    }

    /**
     * The cookie to set with a response of this backend. There is none for a client that is kept with it already, nor for one whose own backend
     * was only full: that is to stay where it is.
     */
    public final @Nullable StickyCookie renewal(PooledBackend server) {
        return (server == home && !isOfFormerKey(server)) || homeFull ? null : server.cookie();
    }

    /** Whether its cookie names this backend, but by a token that is not set any more. */
    protected boolean isOfFormerKey(PooledBackend home) {
        return false;
    }

    @Override
    public final int attempt() {
        return attempt;
    }

    /** Why the last backend was chosen. */
    public final Reason reason() {
        return reason;
    }

    @Override
    public final boolean isEligible(Backend backend) {
        return backend instanceof PooledBackend own && isOfPool(own) && isOpen(own);
    }

    @Override
    public final boolean claim(Backend backend, int inFlight) {
        unclaim();
        if (isEligible(backend) && backend instanceof PooledBackend own && own.countIn(inFlight)) {
            claimed = own;
            return true;
        }
        return false;
    }

    /** Whether this backend is, or was, of the pool that is picking. */
    final boolean isOfPool(PooledBackend backend) {
        Roster roster = picking;
        return roster != null && backend.isOf(roster);
    }

    /** Whether this backend, one of the pool, may be chosen: the same as eligible, without the question whose it is. */
    final boolean isOpen(PooledBackend backend) {
        return mayServe(backend, leniency)
                && (backend == claimed || !backend.isFull()); // its own claim may have filled it
    }

    /** It is not the strategy that chooses. */
    final void fallBack() {
        fellBack = true;
    }

    /** Whether it may be chosen as soon as it is not full. */
    final boolean mayServe(PooledBackend backend, Leniency leniency) {
        return (leniency == Leniency.NONE ? backend.isAvailable() : leniency.allows(backend)) && !wasTried(backend);
    }

    final void startedBy(GuardedStrategy strategy) {
        startedBy = strategy;
    }

    final GuardedStrategy startedBy() {
        GuardedStrategy strategy = startedBy;
        if (strategy == null) {
            throw new IllegalStateException("nothing was acquired for this request");
        }
        return strategy;
    }

    /** Looks up where its client is kept. */
    final @Nullable PooledBackend findHome(StickyTable table) {
        homeFull = false;
        home = named(table);
        return home;
    }

    /** Takes the home without a pick, counted in; false if it is full. */
    final boolean stay(PooledBackend home) {
        homeFull = !home.countIn();
        if (homeFull) {
            return false;
        }
        attempt = triedCount + 1;
        reason = Reason.STICKY;
        remember(home);
        return true;
    }

    /** Whether its home would serve it as soon as it is not full. */
    final boolean mayStay() {
        return homeFull && triedCount == 0;
    }

    final int triedCount() {
        return triedCount;
    }

    final void beginPick(Roster roster, Leniency with) {
        attempt = triedCount + 1;
        leniency = with;
        fellBack = false;
        picking = roster;
    }

    /**
     * Ends the pick with this backend, counted in, by its claim or now; null ends it without any.
     *
     * @return false if it is full by now
     */
    final boolean endPick(@Nullable PooledBackend chosen) {
        boolean counted = count(chosen);
        reason = leniency != Leniency.NONE
                ? Reason.ALL_DOWN
                : triedCount > 0 ? Reason.RETRY : fellBack ? Reason.FALLBACK : Reason.POLICY;
        picking = null;
        leniency = Leniency.NONE;
        if (chosen != null && counted) {
            remember(chosen);
        }
        return counted;
    }

    private boolean count(@Nullable PooledBackend chosen) {
        if (chosen != null && chosen == claimed) {
            claimed = null;
            return true;
        }
        unclaim();
        return chosen == null || chosen.countIn();
    }

    private void unclaim() {
        PooledBackend former = claimed;
        if (former != null) {
            claimed = null;
            former.countOut();
        }
    }

    private boolean wasTried(PooledBackend backend) {
        for (int i = 0; i < triedCount; i++) {
            if (tried[i] == backend) {
                return true;
            }
        }
        return false;
    }

    private void remember(PooledBackend backend) {
        if (triedCount == tried.length) {
            tried = Arrays.copyOf(tried, 2 * tried.length);
        }
        tried[triedCount++] = backend;
    }
}
