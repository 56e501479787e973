// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.config.EjectionConfig.AllDown;
import io.waffle.server.plugin.Quarantine;
import io.waffle.server.pool.Explanation.Obstacle;
import io.waffle.server.pool.Explanation.Why;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pool says of a pick that it does not make, and of its members. */
final class ExplainTest {

    private static final Outcome REFUSED = new Outcome(Outcome.Kind.CONNECT_FAILED, 0, -1, 1);

    private final FakeClock clock = new FakeClock();
    private final Deque<Runnable> alarms = new ArrayDeque<>();
    private final Requests.Plain request = new Requests.Plain();
    private final LogLines log = new LogLines("io.waffle.pool");

    @BeforeEach
    void listen() {
        log.start();
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void tellsWhatTheStrategyTellsAndMovesNothing() {
        Pool pool = pool(AllDown.FAIL, telling(List::getLast));
        for (int i = 0; i < 100; i++) {
            Explanation explanation = pool.explain(request);
            assertEquals(Why.POLICY, explanation.why());
            assertEquals("c:80", id(explanation));
            assertEquals(List.of(true, true, true), open(explanation));
        }
        assertEquals(1, request.attempt(), "only ever the first attempt");
        pool.backends().forEach(backend -> assertEquals(0, backend.inFlight()));
        assertEquals("a:80", acquire(pool).id(), "the first, as if nobody had asked");
    }

    @Test
    void claimsNothingWhateverTheStrategyTries() {
        Pool pool = pool(AllDown.FAIL, (members, peeked) -> {
            assertFalse(peeked.claim(members.get(1), 0));
            return Optional.of(members.get(1));
        });
        assertEquals("b:80", id(pool.explain(request)));
        assertEquals(0, pool.backends().get(1).inFlight());
    }

    @Test
    void aStrategyNeedNotTell() {
        Explanation explanation = pool(AllDown.FAIL, backends -> (Picker) pick -> backends.getFirst())
                .explain(request);
        assertEquals(Why.UNTOLD, explanation.why());
        assertTrue(explanation.choice().isEmpty());
    }

    @Test
    void saysWhatSpeaksAgainstEach() {
        Pool pool = pool(AllDown.FAIL, telling(List::getFirst));
        pool.update(List.of(
                Requests.backend("a", 5, 0).withDraining(true),
                Requests.backend("b", 0, 0),
                Requests.backend("c", 1, 1),
                Requests.backend("d", 1, 0)));
        acquire(pool, "c:80");
        pool.markDown(backend(pool, "a:80"));
        Explanation explanation = pool.explain(new Requests.Plain());
        assertEquals(
                List.of(
                        List.of(Obstacle.DOWN, Obstacle.DRAINING),
                        List.of(Obstacle.NO_WEIGHT),
                        List.of(Obstacle.FULL),
                        List.of()),
                explanation.candidates().stream()
                        .map(Explanation.Candidate::obstacles)
                        .toList());
        assertEquals(List.of(false, false, false, true), open(explanation));
        assertEquals("d:80", id(explanation), "the next after one that cannot be had");
        assertEquals(Why.FALLBACK, explanation.why());
    }

    @Test
    void whenAllAreDownThePolicyDecides() {
        for (AllDown policy : AllDown.values()) {
            Pool pool = pool(policy, telling(List::getFirst));
            pool.backends().forEach(pool::markDown);
            Explanation explanation = pool.explain(request);
            assertEquals(policy == AllDown.FAIL ? Why.NONE : Why.ALL_DOWN, explanation.why());
            assertEquals(policy == AllDown.FAIL, explanation.choice().isEmpty());
            assertEquals(policy == AllDown.TRY_ALL, pool.canServe());
        }
    }

    @Test
    void aStrategyThatFailsToTellIsNotQuarantinedForIt() {
        Pool pool = pool(AllDown.FAIL, (members, peeked) -> {
            throw new IllegalStateException("boom");
        });
        for (int i = 0; i < 2 * Quarantine.FAULTS; i++) {
            assertEquals(Why.FAULT, pool.explain(request).why());
        }
        assertEquals(2 * Quarantine.FAULTS, pool.faults());
        assertFalse(pool.isQuarantined());
        assertTrue(log.lines().getFirst().contains("failed to tell what it would pick"), log.lines()::toString);
        assertEquals("a:80", acquire(pool).id());
    }

    @Test
    void aStrangerIsNotBelieved() {
        Pool other = pool(AllDown.FAIL, telling(List::getFirst));
        Backend stranger = other.backends().getFirst();
        Pool pool = pool(AllDown.FAIL, (members, peeked) -> Optional.of(stranger));
        assertEquals(Why.FAULT, pool.explain(request).why());
        assertEquals(1, pool.faults());
    }

    @Test
    void inQuarantineTheHostTellsItsOwnNext() {
        Pool pool = pool(AllDown.FAIL, backends -> (Picker) pick -> {
            throw new IllegalStateException("boom");
        });
        for (int i = 0; i < Quarantine.FAULTS; i++) {
            acquire(pool);
            request.reset();
        }
        assertTrue(pool.isQuarantined());
        for (int i = 0; i < 20; i++) {
            Explanation explanation = pool.explain(new Requests.Plain());
            assertEquals(Why.FALLBACK, explanation.why());
            assertEquals(id(explanation), acquire(pool).id());
            request.reset();
        }
    }

    @Test
    void withoutMembersThereIsNothingToExplain() {
        Pool pool = pool(AllDown.TRY_ALL, telling(List::getFirst));
        pool.update(List.of());
        assertEquals(new Explanation(List.of(), Optional.empty(), Why.NONE), pool.explain(request));
        assertFalse(pool.canServe());
    }

    @Test
    void aDrainingBackendKeepsItsWeightAndGetsNothing() {
        Pool pool = pool(AllDown.TRY_ALL, telling(List::getFirst));
        BackendConfig five = Requests.backend("a", 5, 0);
        pool.update(List.of(five.withDraining(true), Requests.backend("b", 1, 0)));
        assertEquals("b:80", acquire(pool).id());
        BackendStatus status = pool.statuses().getFirst();
        assertEquals(5, status.config().weight());
        assertEquals(0, status.weight());
        assertFalse(status.available());
        pool.markDown(backend(pool, "b:80"));
        assertEquals(List.of(false, true), open(pool.explain(new Requests.Plain())), "try_all does not mean this one");
        pool.update(List.of(five, Requests.backend("b", 1, 0)));
        request.reset();
        assertEquals("a:80", acquire(pool).id());
        clock.advance(Duration.ofSeconds(10));
        assertEquals(5, pool.statuses().getFirst().weight());
    }

    @Test
    void statusesTellOfEjectionsAndRamps() {
        Pool pool = pool(AllDown.FAIL, telling(List::getFirst));
        PooledBackend a = backend(pool, "a:80");
        pool.release(request, acquire(pool), REFUSED);
        BackendStatus ejected = pool.statuses().getFirst();
        assertEquals(Optional.of(Duration.ofSeconds(10)), ejected.ejectedFor());
        assertEquals(1, ejected.ejections());
        clock.advance(Duration.ofSeconds(4));
        assertEquals(
                Optional.of(Duration.ofSeconds(6)), pool.statuses().getFirst().ejectedFor());
        assertEquals(
                List.of(Obstacle.EJECTED),
                pool.explain(new Requests.Plain()).candidates().getFirst().obstacles());
        clock.advance(Duration.ofSeconds(6));
        alarms.removeFirst().run();
        BackendStatus back = pool.statuses().getFirst();
        assertEquals(Optional.empty(), back.ejectedFor());
        assertTrue(back.growing());
        assertEquals(0.1, back.weight(), 1e-9);
        clock.advance(Duration.ofSeconds(5));
        assertEquals(0.5, pool.statuses().getFirst().weight(), 1e-9);
        assertFalse(a.isEjected());
    }

    /** Picks the first, and peeks like this. */
    private static Strategy telling(Function<List<Backend>, Backend> peek) {
        return strategy((members, peeked) -> Optional.of(peek.apply(members)));
    }

    private static Strategy strategy(Peek peek) {
        return members -> new Picker() {
            @Override
            public Backend pick(PickRequest request) {
                return members.getFirst();
            }

            @Override
            public Optional<Backend> peek(PickRequest request) {
                return peek.of(members, request);
            }
        };
    }

    @FunctionalInterface
    private interface Peek {
        Optional<Backend> of(List<Backend> members, PickRequest request);
    }

    private Pool pool(AllDown allDown, Peek peek) {
        return pool(allDown, strategy(peek));
    }

    /** Ejects at the first failure, for 10 s, and slowly starts for 10 s. */
    private Pool pool(AllDown allDown, Strategy strategy) {
        Duration ten = Duration.ofSeconds(10);
        EjectionConfig ejection = Configs.ejection(false, 1, 100, 1_000, ten, ten, ten, 100, allDown);
        Timer timer = (delay, task) -> alarms.add(task);
        Policy policy = new Policy(strategy, ejection, ten, Optional.empty());
        return new Pool(
                "p", Requests.backends("a", "b", "c"), policy, timer, clock, new Random(1), () -> Runnable::run);
    }

    private PooledBackend acquire(Pool pool) {
        PooledBackend backend = pool.acquire(request);
        if (backend == null) {
            throw new AssertionError("none");
        }
        return backend;
    }

    /** Fills this one. */
    private void acquire(Pool pool, String id) {
        Requests.Plain filling = new Requests.Plain();
        for (PooledBackend next = pool.acquire(filling); next != null; next = pool.acquire(filling)) {
            if (next.id().equals(id)) {
                return;
            }
            pool.release(filling, next, Requests.OK);
        }
        throw new AssertionError(id);
    }

    private static PooledBackend backend(Pool pool, String id) {
        return pool.backends().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String id(Explanation explanation) {
        return explanation.choice().orElseThrow().id();
    }

    private static List<Boolean> open(Explanation explanation) {
        return explanation.candidates().stream()
                .map(Explanation.Candidate::open)
                .toList();
    }
}
