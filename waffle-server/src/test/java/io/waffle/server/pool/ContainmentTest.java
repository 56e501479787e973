// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.server.plugin.FaultLog;
import io.waffle.server.plugin.Quarantine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pool promises when its strategy does not behave. */
final class ContainmentTest {

    private final FakeClock clock = new FakeClock();
    private final LogLines log = new LogLines("io.waffle.pool");

    @BeforeEach
    void listen() {
        log.start();
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    /** What can be wrong with a pick. */
    enum Misdeed {
        THROWS {
            @Override
            @Nullable
            Backend pick(PickRequest request) {
                throw new IllegalStateException("boom");
            }
        },
        FAILS_TO_LINK {
            @Override
            @Nullable
            Backend pick(PickRequest request) {
                throw new NoClassDefFoundError("acme/Gone");
            }
        },
        RECURS_FOR_EVER {
            @Override
            @Nullable
            Backend pick(PickRequest request) {
                return again(request, 0);
            }

            private @Nullable Backend again(PickRequest request, int depth) {
                Backend deeper = again(request, depth + 1);
                return depth > 1 ? deeper : null;
            }
        },
        RETURNS_NULL {
            @Override
            @Nullable
            Backend pick(PickRequest request) {
                return null;
            }
        },
        RETURNS_BACKEND_OF_ANOTHER_POOL {
            @Override
            @Nullable
            Backend pick(PickRequest request) {
                return OTHER.backends().getFirst();
            }
        };

        private static final Pool OTHER =
                Requests.pool("other", Requests.backends("a"), all -> pick -> all.getFirst(), () -> 0, 1);

        abstract @Nullable Backend pick(PickRequest request);
    }

    @ParameterizedTest
    @EnumSource(Misdeed.class)
    void oneOfTenPicksIsWrongUnderLoadAndNoRequestFails(Misdeed misdeed) throws Exception {
        int threads = 8;
        int requests = misdeed == Misdeed.RECURS_FOR_EVER ? 200 : 20_000;
        Tally tally =
                new Tally((round, pick, all) -> round % 10 == 0 ? misdeed.pick(pick) : all.get(round % all.size()));
        Pool pool = pool(tally, "a", "b", "c");
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                clients.add(executor.submit(() -> {
                    go.await();
                    Requests.Plain request = new Requests.Plain();
                    for (int n = 0; n < requests; n++) {
                        request.reset();
                        PooledBackend backend = pool.acquire(request);
                        assertNotNull(backend);
                        assertTrue(backend.inFlight() > 0);
                        pool.release(request, backend, Requests.OK);
                    }
                    return "done";
                }));
            }
            go.countDown();
            for (Future<?> client : clients) {
                client.get();
            }
        }
        assertEquals((long) threads * requests, tally.started.sum());
        assertEquals((long) threads * requests, tally.completed.sum());
        assertTrue(pool.faults() > 0);
        assertTrue(pool.backends().stream().allMatch(backend -> backend.inFlight() == 0));
        assertEquals(
                List.of(),
                log.lines().subList(Math.min(2, log.lines().size()), log.lines().size()));
    }

    @ParameterizedTest
    @EnumSource(Misdeed.class)
    void faultIsCountedLoggedAndServedByTheNext(Misdeed misdeed) {
        Pool pool = pool(new Tally((round, pick, all) -> misdeed.pick(pick)), "a", "b");
        assertNotNull(serve(pool));
        assertEquals(1, pool.faults());
        assertEquals(1, log.lines().size());
        assertTrue(log.lines().getFirst().startsWith("pool main: strategy " + Tally.class.getName()));
    }

    @Test
    void faultsAtHalfOfThePicksBringQuarantineUntilProbePasses() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger broken = new AtomicInteger(1);
        Pool pool = pool(
                new Tally((round, pick, all) -> {
                    asked.incrementAndGet();
                    if (broken.get() == 1) {
                        throw new IllegalStateException("boom");
                    }
                    return all.getFirst();
                }),
                "a",
                "b");
        serve(pool, Quarantine.FAULTS - 1);
        assertFalse(pool.isQuarantined());
        serve(pool, 1);
        assertTrue(pool.isQuarantined());

        asked.set(0);
        serve(pool, 1_000);
        assertEquals(0, asked.get(), "nothing is asked of it before the first probe");
        clock.advance(Quarantine.PROBE_INTERVAL);
        serve(pool, 1_000);
        assertEquals(1, asked.get(), "one probe per interval");
        assertTrue(pool.isQuarantined());

        broken.set(0);
        clock.advance(Quarantine.PROBE_INTERVAL);
        serve(pool, 10);
        assertFalse(pool.isQuarantined());
        assertEquals(11, asked.get(), "the probe passed, and it is asked again");
    }

    /** However often they come in a second: what counts is their share. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20, 40, 49})
    void aShareBelowHalfBringsNoQuarantine(int percent) {
        AtomicInteger asked = new AtomicInteger();
        Pool pool = pool(
                new Tally((round, pick, all) -> {
                    asked.incrementAndGet();
                    return round * percent % 100 < percent ? Misdeed.THROWS.pick(pick) : all.getFirst();
                }),
                "a",
                "b");
        serve(pool, 10_000);
        assertFalse(pool.isQuarantined());
        assertEquals(100L * percent, pool.faults());
        assertEquals(10_000, asked.get(), "all others have what it picks for them");
    }

    @Test
    void aFewOddRequestsInARowBringNoQuarantineAndAreForgotten() {
        AtomicInteger broken = new AtomicInteger();
        Pool pool = pool(
                new Tally((round, pick, all) -> broken.get() == 1 ? Misdeed.THROWS.pick(pick) : all.getFirst()),
                "a",
                "b");
        for (int burst = 0; burst < 20; burst++) {
            broken.set(1);
            serve(pool, Quarantine.FAULTS - 1);
            broken.set(0);
            serve(pool, Quarantine.PICKS);
        }
        assertFalse(pool.isQuarantined());
        broken.set(1);
        serve(pool, Quarantine.FAULTS);
        assertTrue(pool.isQuarantined());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    void whatIsBalancedWithoutTheStrategyIsSoByWeight(int requests) {
        Pool pool = Requests.pool(
                "main",
                List.of(Requests.backend("a", 6), Requests.backend("b", 3), Requests.backend("c", 1)),
                new Tally((round, pick, all) -> Misdeed.THROWS.pick(pick)),
                clock,
                7);
        serve(pool, requests);
        int[] served = new int[3];
        for (int i = 0; i < 1_000; i++) {
            served[pool.backends().indexOf(serve(pool))]++;
        }
        assertEquals(600, served[0], 5);
        assertEquals(300, served[1], 5);
        assertEquals(100, served[2], 5);
    }

    @Test
    void logIsBoundedAndSaysWhatWentUnsaid() {
        Pool pool = pool(new Tally((round, pick, all) -> Misdeed.THROWS.pick(pick)), "a", "b");
        serve(pool, 5);
        assertEquals(1, log.lines().size());
        assertTrue(log.lines().getFirst().contains("failed to pick: java.lang.IllegalStateException: boom at "));
        clock.advance(FaultLog.INTERVAL);
        serve(pool, 1);
        assertEquals(2, log.lines().size());
        assertTrue(
                log.lines().getLast().endsWith("(and 4 more since the last such line)"),
                log.lines().getLast());
    }

    @Test
    void pickThatIsNotEligibleIsNoFault() {
        Pool pool = pool(backends -> pick -> backends.get(1), "a", "b", "c");
        pool.markDown(pool.backends().get(1));
        assertEquals("c:80", serve(pool).id());
        assertEquals(0, pool.faults());
    }

    @Test
    void pickerThatKeepsToBackendsThatLeftIsFaulty() {
        List<Backend> first = new ArrayList<>();
        Strategy hoarder = backends -> {
            if (first.isEmpty()) {
                first.addAll(backends);
            }
            return pick -> first.getFirst();
        };
        Pool pool = pool(hoarder, "a", "b");
        pool.update(Requests.backends("b", "c"));
        assertNotNull(serve(pool));
        assertEquals(1, pool.faults());
    }

    @Test
    void strategyThatCannotMakePickerIsInQuarantineUntilItCan() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger broken = new AtomicInteger(1);
        Strategy strategy = backends -> {
            asked.incrementAndGet();
            if (broken.get() == 1) {
                throw new NoSuchMethodError("gone()");
            }
            return pick -> backends.getLast();
        };
        Pool pool = pool(strategy, "a", "b");
        assertTrue(pool.isQuarantined());
        serve(pool, 100);
        assertEquals(1, asked.get());
        clock.advance(Quarantine.PROBE_INTERVAL);
        serve(pool, 100);
        assertEquals(2, asked.get(), "one more try per interval");
        broken.set(0);
        clock.advance(Quarantine.PROBE_INTERVAL);
        serve(pool, 1);
        assertFalse(pool.isQuarantined());
        assertEquals("b:80", serve(pool).id());
    }

    @Test
    void changeOfMembershipEndsQuarantineForWantOfPicker() {
        AtomicInteger asked = new AtomicInteger();
        Strategy strategy = backends -> {
            if (asked.getAndIncrement() == 0) {
                throw new IllegalStateException("not the first time");
            }
            return pick -> backends.getLast();
        };
        Pool pool = pool(strategy, "a", "b");
        pool.update(Requests.backends("a", "b", "c"));
        assertFalse(pool.isQuarantined());
        assertEquals("c:80", serve(pool).id());
    }

    @Test
    void faultsOfStartedCompletedAndCloseHaveNoOtherEffect() {
        Strategy strategy = new Strategy() {
            @Override
            public Picker picker(List<Backend> backends) {
                return pick -> backends.getFirst();
            }

            @Override
            public void started(Backend backend) {
                throw new IllegalStateException("started");
            }

            @Override
            public void completed(Backend backend, Outcome outcome) {
                throw new AssertionError("completed");
            }

            @Override
            public void close() {
                throw new NoClassDefFoundError("close");
            }
        };
        Pool pool = pool(strategy, "a", "b");
        for (int i = 0; i < 20; i++) {
            assertEquals(0, serve(pool).inFlight());
        }
        assertEquals(40, pool.faults());
        assertFalse(pool.isQuarantined());
        pool.close();
        assertEquals(41, pool.faults());
    }

    /** Libraries do: they catch the interruption, and set it again. The thread serves others after this request. */
    @Test
    void interruptionThatIsLeftBehindIsClearedCountedAndLogged() {
        Strategy strategy = new Strategy() {
            @Override
            public Picker picker(List<Backend> backends) {
                Thread.currentThread().interrupt();
                return pick -> {
                    Thread.currentThread().interrupt();
                    return backends.getLast();
                };
            }

            @Override
            public void started(Backend backend) {
                Thread.currentThread().interrupt();
            }

            @Override
            public void completed(Backend backend, Outcome outcome) {
                Thread.currentThread().interrupt();
            }

            @Override
            public void close() {
                Thread.currentThread().interrupt();
            }
        };
        Pool pool = pool(strategy, "a", "b");
        assertEquals("b:80", serve(pool).id(), "what it picked is served all the same");
        pool.close();
        assertFalse(Thread.interrupted());
        assertEquals(5, pool.faults());
        assertFalse(pool.isQuarantined());
        assertTrue(log.lines().getFirst().endsWith("left the thread interrupted in picker"));
    }

    /** A change of health made by a request waits for no picker, nor does the next request. */
    @Test
    void pickersAreMadeByAThreadOfTheirOwnAndNobodyWaitsForThem() throws Exception {
        Semaphore may = new Semaphore(1);
        List<Thread> makers = new CopyOnWriteArrayList<>();
        Strategy slow = backends -> {
            makers.add(Thread.currentThread());
            may.acquireUninterruptibly();
            return pick -> backends.getFirst();
        };
        Timer never = (delay, task) -> {};
        try (Pool pool =
                new Pool("main", Requests.backends("a", "b"), Requests.policy(slow), never, clock, new Random(1))) {
            pool.markDown(pool.backends().getFirst());
            for (int i = 0; i < 100; i++) {
                assertEquals("b:80", serve(pool).id(), "the former picker picks what is down");
            }
            pool.update(Requests.backends("b", "c"));
            assertTrue(log.lines().getLast().contains("has not made a picker in 1000 ms"));
            assertNotNull(serve(pool));
            assertEquals(0, pool.faults(), "that it picks what has left is no fault, while it has no other");
            may.release(100);
        }
        assertFalse(makers.contains(Thread.currentThread()));
        assertTrue(makers.stream().allMatch(Thread::isDaemon));
    }

    @Test
    void exceptionThatCannotBeDescribedIsStillContained() {
        Pool pool = pool(
                new Tally((round, pick, all) -> {
                    throw new Unspeakable();
                }),
                "a",
                "b");
        assertNotNull(serve(pool));
        assertTrue(log.lines().getFirst().contains(Unspeakable.class.getName()));
    }

    private static final class Unspeakable extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            throw new IllegalStateException("says nothing");
        }
    }

    private Pool pool(Strategy strategy, String... hosts) {
        return Requests.pool("main", Requests.backends(hosts), strategy, clock, 7);
    }

    private static PooledBackend serve(Pool pool) {
        Requests.Plain request = new Requests.Plain();
        PooledBackend backend = pool.acquire(request);
        assertNotNull(backend);
        pool.release(request, backend, Requests.OK);
        return backend;
    }

    private static void serve(Pool pool, int times) {
        for (int i = 0; i < times; i++) {
            serve(pool);
        }
    }

    /** A choice that may be wrong. */
    @FunctionalInterface
    private interface Choice {

        @Nullable
        Backend pick(int round, PickRequest request, List<Backend> backends);
    }

    /** Makes its choice, right or wrong, and counts what it is told. */
    @NullUnmarked
    private static final class Tally implements Strategy {

        private final Choice choice;
        private final AtomicInteger round = new AtomicInteger();
        private final LongAdder started = new LongAdder();
        private final LongAdder completed = new LongAdder();

        Tally(Choice choice) {
            this.choice = choice;
        }

        @Override
        public Picker picker(List<Backend> backends) {
            return request -> choice.pick(round.getAndIncrement(), request, backends);
        }

        @Override
        public void started(Backend backend) {
            started.increment();
        }

        @Override
        public void completed(Backend backend, Outcome outcome) {
            completed.increment();
        }
    }
}
