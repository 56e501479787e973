// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Picker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment, published whole by one swap, so that no reader sees members of one moment and a picker of another.
 *
 * @param members in configured order
 * @param available how many of them were available
 * @param bounded whether any of them can be full
 * @param triesAll whether all are tried when none is well
 * @param strategy who chooses
 * @param sticky finds the backends clients are kept with; null if they are not
 * @param made the strategy's picker: for these members or, for the moment it takes to make another, for those before
 */
record Snapshot(
        List<PooledBackend> members,
        int available,
        boolean bounded,
        boolean triesAll,
        GuardedStrategy strategy,
        @Nullable StickyTable sticky,
        PickerMaker.Made made) {

    static Snapshot empty(GuardedStrategy strategy) {
        return new Snapshot(List.of(), 0, false, false, strategy, null, PickerMaker.Made.NOTHING);
    }

    /** The picker; null if the strategy could not make one, or there is no member. */
    @Nullable
    Picker picker() {
        return made.picker();
    }

    /** The same with another picker. */
    Snapshot with(PickerMaker.Made other) {
        return new Snapshot(members, available, bounded, triesAll, strategy, sticky, other);
    }

    /**
     * Whether any member is open to the request. More available than tried leaves one over, without looking at any; a backend that went down
     * since, whose new snapshot is under way, is found after the pick.
     */
    boolean anyOpen(PickContext request, Leniency leniency) {
        return (!bounded && leniency == Leniency.NONE && available > request.triedCount())
                || hasRoom(request, leniency);
    }

    private boolean hasRoom(PickContext request, Leniency leniency) {
        for (PooledBackend backend : members) {
            if (request.mayServe(backend, leniency) && !backend.isFull()) {
                return true;
            }
        }
        return false;
    }

    /** The least leniency that leaves a member to pick from, but for {@link Leniency#ALL} only if that is the policy. */
    Leniency leniency() {
        if (available > 0 || members.stream().anyMatch(Leniency.NONE::allows)) {
            return Leniency.NONE;
        }
        return members.stream().noneMatch(Leniency.EJECTED::allows) && triesAll ? Leniency.ALL : Leniency.EJECTED;
    }

    /** Whether a member, full or not, may serve the request and can be full. */
    boolean anyBounded(PickContext request, Leniency leniency) {
        return bounded
                && members.stream().anyMatch(backend -> request.mayServe(backend, leniency) && backend.isBounded());
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
