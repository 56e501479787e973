// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract of {@link Strategy}, rules S1 to S10. */
public abstract class StrategyContract extends Contract {

    private static final int THREADS = 4;
    private static final int CALLS = 2_000;
    private static final int ENDED = 50;
    private static final int MOST_COLLECTIONS = 20;

    /** How long a request takes. */
    private static final Duration EACH = Duration.ofMillis(1);

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
        try (Strategy first = provider.create(context());
                Strategy second = provider.create(context())) {
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
            Threads.run("S5", THREADS, thread -> {
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

    @Test
    @DisplayName(
            "S7 weights that change count as if they had always been so, down to the tenth of one that starts slowly")
    final void countsNewWeights() {
        changesWeight(100, 9_900);
        changesWeight(9_900, 100);
        changesWeight(100, 10);
        changesWeight(10, 100);
    }

    @Test
    @DisplayName("S8 balance after attempts that have ended, in whatever way: as if they had never been")
    final void forgetsEndedAttempts() {
        for (Outcome.Kind kind : Outcome.Kind.values()) {
            int all = 3_000;
            int after = sharesAfter(kind, all);
            int usual = sharesAfter(Outcome.Kind.SUCCESS, all);
            assertTrue(
                    Math.abs(after - usual) <= all / 10,
                    () -> "S8: after " + ENDED + " attempts that ended with " + kind
                            + " the backend they were sent to got " + after + " of " + all + " picks (expected: about "
                            + usual + ", as after SUCCESS)");
        }
    }

    @Test
    @DisplayName("S9 backends that have left are let go")
    final void letsGo() {
        List<FakeBackend> members = FakeBackend.many(2);
        try (Service service = service()) {
            List<WeakReference<FakeBackend>> gone = pass(service);
            service.change(members).serve(10, EACH, "S9");
            reportLate(service, gone);
            service.change(members).serve(10, EACH, "S9");
            service.change(FakeBackend.many(3)).serve(10, EACH, "S9");
            long left = reachable(gone);
            assertEquals(
                    0, left, () -> "S9: of " + gone.size() + " backends that left, how many the strategy still holds");
        }
    }

    @Test
    @DisplayName("S10 one slow answer does not end a backend for good")
    final void forgivesASlowAnswer() {
        List<FakeBackend> members = FakeBackend.many(3);
        for (FakeBackend slow : members) {
            int usual = sharesAfter(members, slow, Duration.ofMillis(1));
            int after = sharesAfter(members, slow, Duration.ofSeconds(10));
            assertTrue(
                    usual == 0 || after > 0,
                    () -> "S10: after one answer that took 10 s " + slow
                            + " got none of 3000 picks in 50 minutes (without it: " + usual + ")");
        }
    }

    private void changesWeight(int from, int to) {
        int all = 10_000;
        List<FakeBackend> members = FakeBackend.many(2);
        FakeBackend changed = members.get(0);
        int expected;
        int after;
        changed.effectiveWeight(to);
        try (Service fresh = service().change(members)) {
            expected = fresh.serve(all, EACH, "S7").getOrDefault(changed, 0);
        }
        changed.effectiveWeight(from);
        try (Service service = service().change(members)) {
            service.serve(100, EACH, "S7");
            changed.effectiveWeight(to);
            after = service.change(members).serve(all, EACH, "S7").getOrDefault(changed, 0);
        }
        assertTrue(
                Math.abs(after - expected) <= all / 20,
                () -> "S7: when a weight has changed from " + from + " to " + to
                        + ", beside one of 100, its backend gets "
                        + after + " of " + all + " picks (expected: about " + expected
                        + ", as of a strategy that saw no other weight)");
    }

    /** What says nothing of the backend counts for nothing at once; what does is forgiven after an hour and as many good answers. */
    private int sharesAfter(Outcome.Kind kind, int all) {
        List<FakeBackend> members = FakeBackend.many(3);
        FakeBackend one = members.get(0);
        try (Service service = service().change(members)) {
            service.serve(100, EACH, "S8");
            for (int i = 0; i < ENDED; i++) {
                service.attempt(one, new Outcome(kind, kind == Outcome.Kind.SUCCESS ? 200 : 0, -1, 1_000_000));
            }
            if (kind.judgesBackend()) {
                service.pass(Duration.ofHours(1));
                for (int i = 0; i < ENDED; i++) {
                    members.forEach(member ->
                            service.attempt(member, new Outcome(Outcome.Kind.SUCCESS, 200, 1_000_000, 1_000_000)));
                }
            }
            return service.serve(all, EACH, "S8").getOrDefault(one, 0);
        }
    }

    private int sharesAfter(List<FakeBackend> members, FakeBackend one, Duration answer) {
        try (Service service = service().change(members)) {
            service.serve(300, EACH, "S10");
            service.attempt(one, new Outcome(Outcome.Kind.SUCCESS, 200, answer.toNanos(), answer.toNanos()));
            return service.serve(3_000, Duration.ofSeconds(1), "S10").getOrDefault(one, 0);
        }
    }

    /** Memberships of one each, which come and go. */
    private static List<WeakReference<FakeBackend>> pass(Service service) {
        List<WeakReference<FakeBackend>> gone = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            FakeBackend member = new FakeBackend("gone-" + i);
            service.change(List.of(member)).serve(3, EACH, "S9");
            gone.add(new WeakReference<>(member));
        }
        return gone;
    }

    /** Of attempts that ended after their backend had left. */
    private static void reportLate(Service service, List<WeakReference<FakeBackend>> gone) {
        for (WeakReference<FakeBackend> reference : gone) {
            FakeBackend backend = reference.get();
            if (backend != null) {
                service.attempt(backend, new Outcome(Outcome.Kind.SUCCESS, 200, 1, 1));
            }
        }
    }

    private static long reachable(List<WeakReference<FakeBackend>> gone) {
        long left = gone.size();
        for (int i = 0; i < MOST_COLLECTIONS && left > 0; i++) {
            System.gc();
            left = gone.stream().filter(reference -> reference.get() != null).count();
        }
        return left;
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
