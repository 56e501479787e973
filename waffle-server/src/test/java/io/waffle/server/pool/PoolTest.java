// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.Configs;
import io.waffle.server.plugin.FaultLog;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a pool promises when its strategy behaves. */
final class PoolTest {

    private final FakeClock clock = new FakeClock();
    private final Requests.Plain request = new Requests.Plain();

    @Test
    void attemptIsCountedInAndOutAndToldToTheStrategyOnce() {
        Recorder recorder = new Recorder();
        Pool pool = pool(recorder, "a", "b");
        PooledBackend backend = acquire(pool);
        assertEquals("a:80", backend.id());
        assertEquals(1, backend.inFlight());
        assertEquals(List.of("started a:80"), recorder.events);
        pool.release(request, backend, Requests.OK);
        assertEquals(0, backend.inFlight());
        assertEquals(List.of("started a:80", "completed a:80 SUCCESS"), recorder.events);
    }

    @Test
    void secondReleaseOfOneAttemptIsRefused() {
        Recorder recorder = new Recorder();
        Pool pool = pool(recorder, "a");
        PooledBackend backend = acquire(pool);
        pool.release(request, backend, Requests.OK);
        assertThrows(IllegalStateException.class, () -> pool.release(request, backend, Requests.OK));
        assertEquals(0, backend.inFlight());
        assertEquals(2, recorder.events.size());
    }

    @Test
    void retriesGoRoundInPoolOrderUntilAllWereTried() {
        Pool pool = pool(picking(backends -> backends.get(1)), "a", "b", "c");
        assertEquals("b:80", acquire(pool).id());
        assertEquals(1, request.attempt());
        assertEquals("c:80", acquire(pool).id());
        assertEquals(2, request.attempt());
        assertEquals("a:80", acquire(pool).id());
        assertNull(pool.acquire(request));
        request.reset();
        assertEquals("b:80", acquire(pool).id());
        assertEquals(1, request.attempt());
        assertEquals(0, pool.faults());
    }

    @Test
    void moreAttemptsThanUsualAreRemembered() {
        Pool pool = pool(picking(List::getFirst), "a", "b", "c", "d", "e", "f", "g", "h", "i");
        List<String> ids = new ArrayList<>();
        for (PooledBackend b = pool.acquire(request); b != null; b = pool.acquire(request)) {
            ids.add(b.id());
        }
        assertEquals(pool.backends().stream().map(PooledBackend::id).toList(), ids);
    }

    @Test
    void backendThatIsDownIsNotUsedFromTheNextPickOn() {
        Recorder recorder = new Recorder();
        Pool pool = pool(recorder, "a", "b");
        PooledBackend a = pool.backends().get(0);
        pool.markDown(a);
        assertFalse(a.isUp());
        assertEquals("b:80", acquire(pool).id());
        assertEquals(2, recorder.pickers, "a change of health makes a new picker");
        pool.markDown(a);
        assertEquals(2, recorder.pickers, "no change, no picker");
        pool.markUp(a);
        request.reset();
        assertEquals("a:80", acquire(pool).id());
    }

    @Test
    void requestThatFoundAllFullMayWaitAlsoIfOneHasBecomeFreeSince() {
        Pool pool = pool(new Recorder(), "a");
        pool.update(List.of(Requests.backend("a", 1, 1)));
        Requests.Plain first = new Requests.Plain();
        PooledBackend a = pool.acquire(first);
        assertNotNull(a);
        assertNull(pool.acquire(request));
        pool.release(first, a, Requests.OK);
        assertTrue(pool.mayWait(request), "else it would be refused between two that were served");
        assertSame(a, pool.acquire(request));
        assertFalse(pool.mayWait(request), "it was tried");
    }

    @Test
    void nothingIsEligibleWhenAllAreDownOrThereIsNone() {
        Recorder recorder = new Recorder();
        Pool pool = pool(recorder, "a", "b");
        pool.backends().forEach(pool::markDown);
        assertNull(pool.acquire(request));
        pool.update(List.of());
        assertNull(pool.acquire(request));
        assertEquals(List.of(), recorder.events);
        assertEquals(0, pool.faults());
    }

    @Test
    void membershipChangeKeepsIdentityAndCountsAndHealth() {
        Pool pool = pool(picking(List::getFirst), "a", "b");
        PooledBackend a = acquire(pool);
        PooledBackend b = pool.backends().get(1);
        pool.markDown(b);
        pool.update(List.of(Requests.backend("c", 1), Requests.backend("b", 1), Requests.backend("a", 7)));
        assertSame(a, pool.backends().get(2));
        assertSame(b, pool.backends().get(1));
        assertEquals(700, a.weight());
        assertEquals(1, a.inFlight());
        assertFalse(b.isUp());
        pool.release(request, a, Requests.OK);
        assertEquals(0, a.inFlight());
    }

    @Test
    void backendThatLeftFinishesWhatItHasAndReturnsAsAnother() {
        Recorder recorder = new Recorder();
        Pool pool = pool(recorder, "a", "b");
        PooledBackend former = acquire(pool);
        pool.update(Requests.backends("b"));
        assertFalse(former.isMember());
        assertEquals("b:80", acquire(pool).id());
        pool.release(request, former, Requests.OK);
        assertTrue(recorder.events.contains("completed a:80 SUCCESS"));
        pool.update(Requests.backends("a", "b"));
        assertNotSame(former, pool.backends().getFirst());
        pool.update(List.of(Configs.backend(BackendUrl.of(URI.create("https://a:80")), 1, Map.of())));
        assertTrue(pool.backends().getFirst().tls());
    }

    @Test
    void sameBackendTwiceIsRefusedAndChangesNothing() {
        Pool pool = pool(picking(List::getFirst), "a");
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> pool.update(Requests.backends("b", "b")));
        assertEquals("backends: b:80 (expected: each backend once)", wrong.getMessage());
        assertEquals("a:80", acquire(pool).id());
    }

    @Test
    void bracketsOfAnAddressAreNotPartOfTheHost() {
        Pool pool = pool(picking(List::getFirst), "[2001:db8::1]");
        PooledBackend backend = pool.backends().getFirst();
        assertEquals("2001:db8::1", backend.host());
        assertEquals(80, backend.port());
        assertEquals("[2001:db8::1]:80", backend.id());
    }

    /** The race: a request has read the members of before, all of which leave while it chooses. */
    @Test
    void replacingAllMembersLeavesNoRequestWithoutBackend() throws Exception {
        Pool pool = pool(picking(List::getFirst), "a", "b");
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch served = new CountDownLatch(2);
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                clients.add(executor.submit(() -> {
                    Requests.Plain mine = new Requests.Plain();
                    while (!done.get()) {
                        mine.reset();
                        PooledBackend backend = pool.acquire(mine);
                        assertNotNull(backend);
                        pool.release(mine, backend, Requests.OK);
                        served.countDown();
                    }
                    return "done";
                }));
            }
            served.await();
            for (int i = 0; i < 5_000; i++) {
                pool.update(i % 2 == 0 ? Requests.backends("c", "d") : Requests.backends("a", "b"));
            }
            done.set(true);
            for (Future<?> client : clients) {
                client.get();
            }
        }
        assertEquals(0, pool.faults());
        assertEquals(List.of(0, 0), inFlight(pool));
    }

    @Test
    void attemptAllocatesNothing() {
        Pool pool = pool(backends -> pick -> pick.attempt() == 1 ? backends.get(0) : backends.get(1), "a", "b", "c");
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i == 10_000) {
                before = meter.getCurrentThreadAllocatedBytes();
            }
            request.reset();
            PooledBackend first = acquire(pool);
            PooledBackend second = acquire(pool);
            pool.release(request, first, Requests.OK);
            pool.release(request, second, Requests.OK);
        }
        long allocated = meter.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 10_000, () -> allocated + " bytes by 20,000 attempts"); // less than a byte each
    }

    @Test
    void whatOneBackendDoesWrongHidesNothingOfAnother() {
        try (LogLines log = new LogLines("io.waffle.pool").start()) {
            Pool pool = pool(picking(List::getFirst), "a", "b");
            PooledBackend a = pool.backends().get(0);
            PooledBackend b = pool.backends().get(1);
            a.complain("refused");
            a.complain("refused");
            b.complain("silent");
            assertEquals(List.of("backend a:80: refused", "backend b:80: silent"), log.lines());
            clock.advance(FaultLog.INTERVAL);
            a.complain("refused again");
            assertEquals(
                    "backend a:80: refused again (and 1 more since the last such line)",
                    log.lines().getLast());
        }
    }

    @Test
    void anotherStrategyTakesOverAndTheFormerIsToldOfTheEndOfItsAttempts() {
        Recorder former = new Recorder();
        Recorder next = new Recorder();
        Pool pool = pool(former, "a", "b");
        PooledBackend a = acquire(pool);
        Requests.Plain other = new Requests.Plain();
        pool.goBy(Requests.policy(next));
        PooledBackend again = pool.acquire(other);
        assertSame(a, again);
        pool.release(request, a, Requests.OK);
        pool.release(other, a, Requests.OK);
        assertEquals(List.of("started a:80", "closed", "completed a:80 SUCCESS"), former.events);
        assertEquals(List.of("started a:80", "completed a:80 SUCCESS"), next.events);
        assertEquals(0, a.inFlight());
    }

    @Test
    void policyChangesByOnePickerAndTheSameOneByNone() {
        Recorder recorder = new Recorder();
        Pool pool = pool(recorder, "a", "b");
        pool.goBy(Requests.policy(recorder));
        assertEquals(1, recorder.pickers);
        pool.goBy(new Policy(recorder, Requests.NO_EJECTION, Duration.ofSeconds(1), Optional.empty()));
        assertEquals(2, recorder.pickers);
        assertEquals(List.of(), recorder.events, "it goes on");
    }

    @Test
    void strategyThatMakesNoPickerTakesOverAndIsContained() {
        Pool pool = pool(new Recorder(), "a", "b");
        pool.goBy(Requests.policy(backends -> {
            throw new IllegalStateException("no picker");
        }));
        assertTrue(pool.isQuarantined());
        assertNotNull(acquire(pool));
    }

    @Test
    void closeEndsTheStrategyAfterWhichNothingCanBeAcquired() {
        Recorder recorder = new Recorder();
        Pool pool = pool(recorder, "a");
        PooledBackend backend = acquire(pool);
        pool.close();
        request.reset();
        assertNull(pool.acquire(request));
        pool.release(request, backend, Requests.OK);
        assertEquals(List.of("started a:80", "closed", "completed a:80 SUCCESS"), recorder.events);
    }

    private PooledBackend acquire(Pool pool) {
        PooledBackend backend = pool.acquire(request);
        assertNotNull(backend);
        return backend;
    }

    private Pool pool(Strategy strategy, String... hosts) {
        return Requests.pool("main", Requests.backends(hosts), strategy, clock, 7);
    }

    private static Strategy picking(java.util.function.Function<List<Backend>, Backend> choice) {
        return backends -> pick -> choice.apply(backends);
    }

    private static List<Integer> inFlight(Pool pool) {
        return pool.backends().stream().map(PooledBackend::inFlight).toList();
    }

    /** Picks the first, and remembers what it was told. */
    private static final class Recorder implements Strategy {

        private final List<String> events = new ArrayList<>();
        private int pickers;

        @Override
        public Picker picker(List<Backend> backends) {
            pickers++;
            return pick -> backends.getFirst();
        }

        @Override
        public void started(Backend backend) {
            events.add("started " + backend.id());
        }

        @Override
        public void completed(Backend backend, Outcome outcome) {
            events.add("completed " + backend.id() + " " + outcome.kind());
        }

        @Override
        public void close() {
            events.add("closed");
        }
    }
}
