// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import io.waffle.api.Backend;
import io.waffle.api.PickRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weighted rendezvous hashing: each member draws a number for the slot, a function of slot and member alone, and the lowest wins. So the one
 * who leaves gives up exactly the slots it had won, each to the second-best there, which is another one for each slot; and the one who comes
 * takes exactly the slots where it draws lowest.
 *
 * <p>A draw is -ln(u) / w, with u uniform in (0, 1): exponential with rate w, and the least of several exponentials is the i-th with
 * probability w[i] / sum(w). Thaler and Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM ToN 6 (1998); the weights:
 * Schindelhauer and Schomaker, "Weighted distributed hash tables", SPAA 2005.
 *
 * <p>With d = 1 - u, -ln(1 - d) is at least d: most members are out by a comparison, and a logarithm is needed only about ln(n) times of n.
 * It is {@link StrictMath}'s, so that all platforms agree.
 */
final class Contest {

    private static final double UNIT = 0x1p-53;

    private final Backend[] members;
    private final long[] ids;
    private final int[] weights;

    /** Whether all weights are the same: then the order of the draws is that of d, and no logarithm is needed. */
    private final boolean even;

    Contest(List<Backend> backends) {
        members = backends.toArray(Backend[]::new);
        ids = new long[members.length];
        weights = new int[members.length];
        for (int i = 0; i < members.length; i++) {
            ids[i] = Hash.of(members[i].id());
            weights[i] = members[i].weight();
        }
        even = Arrays.stream(weights).distinct().count() == 1;
    }

    int size() {
        return members.length;
    }

    Backend backend(int index) {
        return members[index];
    }

    /**
     * The member that wins the slot.
     *
     * @param request if given, only what is eligible for it takes part, if anything is
     */
    int winner(int slot, @Nullable PickRequest request) {
        long seed = Hash.mix(slot);
        int winner = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < ids.length; i++) {
            double d = ((Hash.mix(seed ^ ids[i]) >>> 11) + 0.5) * UNIT;
            if (d > lowest * weights[i] || (request != null && !request.isEligible(members[i]))) {
                continue;
            }
            double draw = even ? d : -StrictMath.log1p(-d) / weights[i];
            if (draw < lowest
                    || (draw == lowest && ids[i] < ids[winner])) { // so that the order of members never matters
                lowest = draw;
                winner = i;
            }
        }
        return winner;
    }

    /** Whether all winners are the same, and so are the objects. */
    boolean isSameAs(Contest other) {
        return Arrays.equals(weights, other.weights) && Arrays.equals(members, other.members);
    }
}
