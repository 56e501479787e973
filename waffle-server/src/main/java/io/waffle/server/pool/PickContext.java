// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Backend;
import io.waffle.api.ClientAddress;
import io.waffle.api.PickRequest;
import io.waffle.api.Strategy;
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

    private Tier tier = Tier.AVAILABLE;

    private boolean fellBack;
    private Reason reason = Reason.POLICY;

    private @Nullable PooledBackend claimed;
    private @Nullable Standing claimedUnder;

    /** How the backend of the attempt under way stood when it was counted in. */
    private Standing under = Standing.first();

    /** Whether that attempt has been judged. */
    private boolean judged;

    /** Its place among those that wait for a backend. */
    private final Waiter waiter = new Waiter(this);

    /** Who was told of the attempt under way, and is to be told of its end. */
    private @Nullable GuardedStrategy startedBy;

    /** Whom its route wants to choose; null for whoever the pool has. */
    private @Nullable Strategy wanted;

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
        wanted = null;
    }

    /** From now on this strategy is to choose, in place of the pool's own; one that the pool was given for routes ({@link Policy#ofRoutes}). */
    public final void balancedBy(Strategy strategy) {
        wanted = strategy;
    }

    final @Nullable Strategy wanted() {
        return wanted;
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
        if (!isEligible(backend) || !(backend instanceof PooledBackend own)) {
            return false;
        }
        claimedUnder = own.countIn(inFlight);
        claimed = claimedUnder == null ? null : own;
        return claimed != null;
    }

    /** Whether this backend is, or was, of the pool that is picking. */
    final boolean isOfPool(PooledBackend backend) {
        Roster roster = picking;
        return roster != null && backend.isOf(roster);
    }

    /** Whether this backend, one of the pool, may be chosen: the same as eligible, without the question whose it is. */
    final boolean isOpen(PooledBackend backend) {
        return backend == claimed // its own claim may have filled it
                || (backend.tier() == tier && !wasTried(backend) && !backend.isFull());
    }

    /** It is not the strategy that chooses. */
    final void fallBack() {
        fellBack = true;
    }

    /** Whether it may be chosen as one of this tier as soon as it is not full. */
    final boolean mayServe(PooledBackend backend, Tier wanted) {
        return backend.isOf(wanted) && !wasTried(backend);
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
        Standing counted = home.countIn();
        homeFull = counted == null;
        if (counted == null) {
            return false;
        }
        take(home, counted, Reason.STICKY);
        return true;
    }

    /** Goes to this backend, counted in. */
    final void take(PooledBackend backend, Standing counted, Reason why) {
        attempt = triedCount + 1;
        reason = why;
        under = counted;
        judged = false;
        if (triedCount == tried.length) {
            tried = Arrays.copyOf(tried, 2 * tried.length);
        }
        tried[triedCount++] = backend;
    }

    /** How the backend of the attempt stood when it began. */
    final Standing under() {
        return under;
    }

    /** Whether the attempt is still to be judged; it is then. */
    final boolean judge() {
        boolean first = !judged;
        judged = true;
        return first;
    }

    final Waiter waiter() {
        return waiter;
    }

    /** Goes to the backend it was given while it waited; null if it was given none. */
    final @Nullable PooledBackend takeGranted() {
        PooledBackend granted = waiter.granted();
        Standing counted = waiter.counted();
        if (granted == null || counted == null) {
            return null;
        }
        take(granted, counted, granted == home && triedCount == 0 ? Reason.STICKY : Reason.QUEUE);
        return granted;
    }

    /** Whether it was called, or need not wait any longer. */
    public final boolean isCalled() {
        return waiter.isCalled();
    }

    /** The same for the same client, and as good as never for another. */
    final long clientNumber() {
        ClientAddress from = client();
        return from.high() * 31 + from.low();
    }

    /** Whether a cookie has brought it where it is. */
    final boolean isKept() {
        return reason == Reason.STICKY;
    }

    /** Whether this is where its client is kept, and it was only full. */
    final boolean mayStay(PooledBackend backend) {
        return mayStay() && backend == home;
    }

    /** Whether its home would serve it as soon as it is not full. */
    final boolean mayStay() {
        return homeFull && triedCount == 0;
    }

    final int triedCount() {
        return triedCount;
    }

    final void beginPick(Roster roster, Tier among) {
        attempt = triedCount + 1;
        tier = among;
        fellBack = false;
        picking = roster;
    }

    /**
     * Ends the pick with this backend, counted in, by its claim or now; null ends it without any.
     *
     * @return false if it is full by now
     */
    final boolean endPick(@Nullable PooledBackend chosen) {
        Tier among = tier;
        Standing counted = count(chosen);
        picking = null;
        tier = Tier.AVAILABLE;
        if (chosen == null || counted == null) {
            return chosen == null;
        }
        take(chosen, counted, reason(among));
        return true;
    }

    /** Why one of this tier is chosen. */
    final Reason reason(Tier among) {
        if (triedCount > 0) {
            return Reason.RETRY;
        }
        if (among.isLastResort()) {
            return Reason.ALL_DOWN;
        }
        return fellBack ? Reason.FALLBACK : Reason.POLICY;
    }

    private @Nullable Standing count(@Nullable PooledBackend chosen) {
        if (chosen != null && chosen == claimed) {
            claimed = null;
            return claimedUnder;
        }
        unclaim();
        return chosen == null ? null : chosen.countIn();
    }

    private void unclaim() {
        PooledBackend former = claimed;
        Standing counted = claimedUnder;
        if (former != null && counted != null) {
            claimed = null;
            former.countOut(counted);
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
}
