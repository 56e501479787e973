// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Strategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment, published whole by one swap, so that no reader sees members of one moment and a picker of another.
 *
 * @param members in configured order
 * @param available how many of them nothing spoke against, none on probation
 * @param bounded whether any of them can be full
 * @param triesAll whether all are tried when none is well
 * @param own who chooses
 * @param others who chooses for routes that want it otherwise
 * @param sticky finds the backends clients are kept with; null if they are not
 */
record Snapshot(
        List<PooledBackend> members,
        int available,
        boolean bounded,
        boolean triesAll,
        Balancing own,
        List<Balancing> others,
        @Nullable StickyTable sticky) {

    static Snapshot empty(GuardedStrategy strategy) {
        return new Snapshot(
                List.of(), 0, false, false, new Balancing(strategy, PickerMaker.Made.NOTHING), List.of(), null);
    }

    /** Who chooses for this request: as the pool has it, unless its route wants another, which the pool knows. */
    Balancing by(PickContext request) {
        Strategy wanted = request.wanted();
        return wanted == null ? own : by(wanted);
    }

    private Balancing by(Strategy wanted) {
        for (Balancing other : others) {
            if (other.strategy().is(wanted)) {
                return other;
            }
        }
        return own; // a reload is under way
    }

    boolean has(GuardedStrategy strategy) {
        return own.strategy() == strategy || others.stream().anyMatch(other -> other.strategy() == strategy);
    }

    /** The same with the last picker of this strategy. */
    Snapshot adopting(GuardedStrategy strategy) {
        return new Snapshot(
                members,
                available,
                bounded,
                triesAll,
                own.strategy() == strategy ? Balancing.now(strategy) : own,
                others.stream()
                        .map(other -> other.strategy() == strategy ? Balancing.now(strategy) : other)
                        .toList(),
                sticky);
    }

    /** As {@link #tierOf}, for what is so nearly always: more of the first tier than were tried leaves one over, without looking at any. */
    Tier likelyTierOf(PickContext request) {
        return available > request.triedCount() ? Tier.AVAILABLE : tierOf(request);
    }

    /** The best tier that has a member the request was not sent to yet, full or not; {@link Tier#NONE} if none has. */
    Tier tierOf(PickContext request) {
        Tier tier = Tier.AVAILABLE;
        while (tier != Tier.NONE && !has(request, tier)) {
            tier = tier.next();
        }
        return tier;
    }

    private boolean has(PickContext request, Tier tier) {
        return admits(tier) && any(request, tier, false);
    }

    /** Whether any member of the tier is open to the request. */
    boolean anyOpen(PickContext request, Tier tier) {
        return tier != Tier.NONE && any(request, tier, true);
    }

    private boolean any(PickContext request, Tier tier, boolean open) {
        for (PooledBackend backend : members) {
            if (request.mayServe(backend, tier) && !(open && backend.isFullFor(tier))) {
                return true;
            }
        }
        return false;
    }

    private boolean admits(Tier tier) {
        return tier != Tier.DOWN || triesAll;
    }

    /** Whether any member may be sent requests at all, full or not. */
    boolean canServe() {
        for (PooledBackend backend : members) {
            Tier tier = backend.tier();
            if (tier != Tier.NONE && admits(tier)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a member, full or not, may serve the request and can be full. */
    boolean anyBounded(PickContext request) {
        if (!bounded) {
            return false;
        }
        Tier tier = tierOf(request);
        return members.stream().anyMatch(backend -> request.mayServe(backend, tier) && backend.isBounded());
    }

    /** Whether it drains, and still serves this request's client. */
    boolean keeps(PickContext request, PooledBackend backend) {
        return sticky != null && request.mayStay(backend) && backend.keepsClients(sticky.drainNanos());
    }

    /** Of those left out the one that is so, or was tried in vain, the longest; null if none is open. */
    @Nullable
    PooledBackend lastResort(PickContext request) {
        PooledBackend best = null;
        for (PooledBackend backend : members) {
            boolean open = request.mayServe(backend, Tier.EJECTED) && !backend.isFullFor(Tier.EJECTED);
            if (open
                    && (best == null
                            || backend.standing().since() - best.standing().since() < 0)) {
                best = backend;
            }
        }
        return best;
    }

    /** The first open member at this position or after it, going round; null if there is none. */
    @Nullable
    PooledBackend nextOpen(PickContext request, int from) {
        int count = members.size();
        for (int i = 0; i < count; i++) {
            int at = from + i;
            PooledBackend candidate = members.get(at < count ? at : at - count);
            if (request.isOpen(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
