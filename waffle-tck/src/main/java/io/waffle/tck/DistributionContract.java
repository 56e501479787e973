// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Shares follow weights, rules D1 to D4: no part of the contract of a strategy, but what users expect of most. Extend it if yours does this.
 *
 * <p>Each test sends {@link #CLIENTS} requests, one after the other, from random addresses. The bound: if each request chose by itself at random,
 * with probability p = w[i] / sum(w), then the count of backend i would be binomial, with mean N p and deviation sqrt(N p (1 - p)). Six such
 * deviations are allowed, which chance exceeds about once in 5 * 10^8; and since chance is seeded, a test that passes once always passes.
 */
public abstract class DistributionContract extends Contract {

    private static final int CLIENTS = 100_000;
    private static final double DEVIATIONS = 6;

    /** For subclasses. */
    protected DistributionContract() {}

    /** Whether shares follow weights; if not, D2 and D4 are not asked for. */
    protected boolean followsWeights() {
        return true;
    }

    @Test
    @DisplayName("D1 equal weights, equal shares")
    final void equalShares() {
        check("D1", FakeBackend.many(10), member -> true);
    }

    @Test
    @DisplayName("D2 shares follow weights")
    final void sharesFollowWeights() {
        if (followsWeights()) {
            check("D2", FakeBackend.weighted(5, 1, 1), member -> true);
            check("D2", FakeBackend.weighted(1, 2, 3, 4, 90), member -> true);
        }
    }

    @Test
    @DisplayName("D3 the share of one that is down goes to all others, not to a neighbour")
    final void lostShareIsSpread() {
        List<FakeBackend> members = FakeBackend.many(10);
        check("D3", members, member -> member != members.get(4));
        check("D3", members, member -> members.indexOf(member) > 3);
    }

    @Test
    @DisplayName("D4 the share of one that is down is spread by weight")
    final void lostShareIsSpreadByWeight() {
        if (followsWeights()) {
            List<FakeBackend> members = FakeBackend.weighted(3, 1, 2, 2, 3);
            check("D4", members, member -> member != members.get(0));
        }
    }

    private void check(String rule, List<FakeBackend> members, Predicate<FakeBackend> up) {
        Map<FakeBackend, Integer> counts = new HashMap<>();
        RandomGenerator random = seeded();
        try (Strategy strategy = strategy()) {
            Picker picker = strategy.picker(list(members));
            FakeRequest request =
                    new FakeRequest().eligible(backend -> backend instanceof FakeBackend member && up.test(member));
            for (int i = 0; i < CLIENTS; i++) {
                request.client(FakeRequest.ipv4(random.nextInt()));
                counts.merge(Picks.one(picker, request, rule), 1, Integer::sum);
            }
        }
        int total = members.stream().filter(up).mapToInt(FakeBackend::weight).sum();
        for (FakeBackend member : members) {
            double p = up.test(member) ? (double) member.weight() / total : 0;
            double bound = DEVIATIONS * Math.sqrt(CLIENTS * p * (1 - p)) + 1;
            assertEquals(CLIENTS * p, counts.getOrDefault(member, 0), bound, () -> rule + ": picks of " + member);
        }
    }
}
