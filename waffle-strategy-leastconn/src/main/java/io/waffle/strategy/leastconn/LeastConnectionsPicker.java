// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.leastconn;

import io.waffle.api.Backend;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The least inFlight / weight among the eligible; ties go by lot, in proportion to weight.
 *
 * <p>Not (inFlight + 1) / weight, which LVS calls shortest expected delay: with that an idle pool of weights 5, 1, 1 sends single requests
 * to the heavy one only, and the others' connections and caches grow cold. Here an idle pool is all ties, and shares by weight.
 *
 * <p>Exact under concurrency: the choice is claimed with the number that was seen, so of several picks that saw the same least loaded
 * backend one gets it, and the others look again.
 *
 * <p>One pass over all of them finds it. Before that, among many, a few lots are drawn for one that is idle, which none can be below: where most
 * are idle the first lot does, and a pick from a thousand takes 0.08 us in place of 2.3 (docs/benchmarks.md).
 */
final class LeastConnectionsPicker implements Picker {

    /** A claim fails only if another pick has succeeded meanwhile; so many in a row mean more contention than exactness is worth. */
    private static final int MOST_PASSES = 8;

    /** Among fewer a pass costs no more than lots do. */
    private static final int MANY = 32;

    private static final int LOTS = 4;

    private final Backend[] members;
    private final int[] weights;

    /** How many are drawn: none among few. */
    private final int lots;

    /** Of the weights up to each member, and its own. */
    private final long[] sums;

    private final RandomGenerator random;

    LeastConnectionsPicker(List<Backend> backends, RandomGenerator random) {
        members = backends.toArray(Backend[]::new);
        weights = backends.stream().mapToInt(Backend::weight).toArray();
        lots = members.length < MANY ? 0 : LOTS;
        sums = new long[members.length];
        long sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += weights[i];
            sums[i] = sum;
        }
        this.random = random;
    }

    @Override
    public Backend pick(PickRequest request) {
        long seed = random.nextLong();
        for (int lot = 1; lot <= lots; lot++) {
            Backend drawn = members[draw(unit(seed + lot))];
            if (drawn.inFlight() == 0 && request.isEligible(drawn) && request.claim(drawn, 0)) {
                return drawn;
            }
        }
        for (int pass = 1; ; pass++) {
            long found = least(request, seed - pass);
            Backend best = member(found);
            if (request.claim(best, (int) found) || pass == MOST_PASSES) {
                return best;
            }
        }
    }

    /** Of those that tie, one: by a lot that is always the same. */
    @Override
    public Optional<Backend> peek(PickRequest request) {
        return Optional.of(member(least(request, 0)));
    }

    /** Of all members one, in proportion to weight; of those lots that fall on idle ones the idle ones have shares by weight. */
    private int draw(double unit) {
        int at = Arrays.binarySearch(sums, (long) Math.ceil(unit * sums[sums.length - 1]));
        return at < 0 ? -at - 1 : at;
    }

    private Backend member(long found) {
        return members[(int) (found >>> Integer.SIZE)];
    }

    /**
     * Finds the index of the least loaded, and returns it in the upper half with the number that was in flight there in the lower.
     *
     * <p>The lot is reservoir sampling with jumps: one that ties replaces the one held with probability its weight / sum of the weights that
     * tied so far. So the one held outlasts a sum S, if it came at sum s, with probability s / S: a draw u gives the sum it lasts to, s / u,
     * at once, and n ties cost about ln(n) draws (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", IPL 97, 2006).
     */
    private long least(PickRequest request, long seed) {
        Backend[] members = this.members; // a field would be read anew after each volatile read
        int[] weights = this.weights;
        int best = 0;
        long load = 1; // 1 / 0, which any load is below
        long weight = 0;
        long ties = 0;
        long lasts = 0;
        for (int i = 0; i < members.length; i++) {
            int inFlight = members[i].inFlight();
            long difference = inFlight * weight - load * weights[i];
            if (difference > 0 || !request.isEligible(members[i])) {
                continue;
            }
            if (difference < 0) {
                ties = 0;
                lasts = 0;
            }
            ties += weights[i];
            if (ties > lasts) {
                best = i;
                load = inFlight;
                weight = weights[i];
                lasts = (long) (ties / unit(seed + ties)); // sums are whole, so rounding down changes nothing
            }
        }
        return (long) best << Integer.SIZE | (load & 0xFFFF_FFFFL);
    }

    /** A number in (0, 1], by the finaliser of SplitMix64: one draw from the shared source serves for the whole pick. */
    private static double unit(long seed) {
        long x = seed * 0x9E37_79B9_7F4A_7C15L;
        x = (x ^ x >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        x = (x ^ x >>> 27) * 0x94D0_49BB_1331_11EBL;
        return ((x ^ x >>> 31) >>> 11) * 0x1p-53 + 0x1p-53;
    }
}
