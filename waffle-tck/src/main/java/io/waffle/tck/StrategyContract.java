// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract of {@link Strategy}, rules S1 to S6. */
public abstract class StrategyContract extends Contract {

    private static final int THREADS = 4;
    private static final int CALLS = 2_000;

    /** For subclasses. */
    protected StrategyContract() {}

    @Test
    @DisplayName("S1 makes a picker for any list: of 1, of 1,000, of any weights")
    final void makesPickers() {
        try (Strategy strategy = strategy()) {
            picks(strategy, FakeBackend.many(1), "S1");
            picks(strategy, FakeBackend.many(1_000), "S1");
            picks(strategy, FakeBackend.weighted(65_535, 1, 1_000), "S1");
        }
    }

    @Test
    @DisplayName(
            "S2 after a change of members, the new picker knows only the new ones, and the former picker still works")
    final void followsMembership() {
        List<FakeBackend> all = FakeBackend.many(6);
        List<FakeBackend> before = all.subList(0, 4);
        List<FakeBackend> after = new ArrayList<>(all.subList(2, 6));
        try (Strategy strategy = strategy()) {
            Picker former = picks(strategy, before, "S2");
            Picker latter = picks(strategy, after, "S2");
            Picks.from(former, before, "S2 (the former picker)");
            Picks.from(latter, after, "S2");
            picks(strategy, List.of(all.get(5), all.get(0)), "S2");
        }
    }

    @Test
    @DisplayName("S3 after a change of weights or health, the same members are picked from")
    final void followsWeights() {
        List<FakeBackend> members = FakeBackend.weighted(1, 2, 3);
        try (Strategy strategy = strategy()) {
            picks(strategy, members, "S3");
            members.get(0).weight(65_535);
            picks(strategy, members, "S3");
            members.get(0).weight(1);
            picks(strategy, members, "S3");
        }
    }

    @Test
    @DisplayName("S4 two strategies of one provider do not share members")
    final void isIndependent() {
        List<FakeBackend> one = FakeBackend.many(3);
        List<FakeBackend> two = FakeBackend.many(3); // the same names, other objects
        var provider = provider();
        try (Strategy first = provider.create(new FakeContext(options(), SEED));
                Strategy second = provider.create(new FakeContext(options(), SEED))) {
            Picker picker = first.picker(list(one));
            picks(second, two, "S4");
            Picks.from(picker, one, "S4");
        }
    }

    @Test
    @DisplayName("S5 started and completed: any outcome, any backend, any order, from many threads, without waiting")
    final void toleratesReports() {
        List<FakeBackend> members = FakeBackend.many(3);
        FakeBackend gone = new FakeBackend("gone");
        try (Strategy strategy = strategy()) {
            report(strategy, gone);
            Picker picker = strategy.picker(list(members));
            report(strategy, gone);
            Threads.run(THREADS, thread -> {
                FakeRequest request = new FakeRequest();
                for (int i = 0; i < CALLS; i++) {
                    report(strategy, picker.pick(request));
                }
            });
            long waits = Threads.waitsDuring(() -> report(strategy, members.get(0)));
            assertTrue(waits == 0, () -> "S5: started and completed waited " + waits + " times");
        }
    }

    @Test
    @DisplayName("S6 close may come twice, and completed after it")
    final void closesTwice() {
        Strategy strategy = strategy();
        FakeBackend member = new FakeBackend("member");
        picks(strategy, List.of(member), "S6");
        strategy.started(member);
        assertDoesNotThrow(strategy::close, "S6: close()");
        assertDoesNotThrow(
                () -> strategy.completed(member, new Outcome(Outcome.Kind.SUCCESS, 200, 1, 1)),
                "S6: completed() after close()");
        assertDoesNotThrow(strategy::close, "S6: close() again");
    }

    private static Picker picks(Strategy strategy, List<FakeBackend> members, String rule) {
        Picker picker = strategy.picker(list(members));
        Picks.from(picker, members, rule);
        return picker;
    }

    private static void report(Strategy strategy, Backend backend) {
        for (Outcome.Kind kind : Outcome.Kind.values()) {
            assertDoesNotThrow(
                    () -> {
                        strategy.started(backend);
                        strategy.started(backend);
                        strategy.completed(backend, new Outcome(kind, 0, -1, 0));
                        strategy.completed(backend, new Outcome(kind, 999, 1, Long.MAX_VALUE));
                    },
                    () -> "S5: started() or completed() with " + kind);
        }
    }
}
