// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Outcome;
import io.waffle.api.Strategy;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.config.EjectionConfig.AllDown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool whose backends fail: 5 failures in a row, or half of at least 20 attempts within 10 s. */
final class EjectionTest {

    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration MAX_TIME = Duration.ofMinutes(1);
    private static final Strategy FIRST = backends -> pick -> backends.getFirst();
    private static final Outcome BROKEN = outcome(Outcome.Kind.SERVER_ERROR, 500);
    private static final Outcome REFUSED = outcome(Outcome.Kind.CONNECT_FAILED, 0);

    private final FakeClock clock = new FakeClock();
    private final Alarms alarms = new Alarms();
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
    void failuresInARowEjectFromTheVeryNextPickOn() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b", "c");
        PooledBackend a = pool.backends().getFirst();
        fail(pool, a, 4);
        assertFalse(a.isEjected());
        end(pool, a, Requests.OK);
        fail(pool, a, 4);
        assertFalse(a.isEjected(), "a success in between begins anew");
        fail(pool, a, 1);
        assertTrue(a.isEjected());
        assertEquals("b:80", next(pool).id());
        assertEquals(
                List.of(
                        "backend a:80 is ejected for 10000 ms: 5 failures in a row, 9 of its last 10 requests, the last with CONNECT_FAILED"),
                log.lines());
    }

    @Test
    void aPartOfManyEjectsToo() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        for (int i = 0; i < 9; i++) {
            end(pool, a, REFUSED);
            end(pool, a, Requests.OK);
        }
        end(pool, a, Requests.OK);
        assertFalse(a.isEjected(), "9 of 19");
        end(pool, a, REFUSED);
        assertTrue(a.isEjected(), "10 of 20");
    }

    @Test
    void failuresOfAnotherTimeDoNotCountTogether() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        for (int i = 0; i < 50; i++) {
            end(pool, a, REFUSED);
            end(pool, a, Requests.OK);
            clock.advance(WINDOW.dividedBy(9));
        }
        assertFalse(a.isEjected(), "at most 10 of 20 within any window, but windows are not full");
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.Kind.class,
            names = {"CLIENT_GONE", "NOT_SENT"})
    void whatTheBackendDidNotDoIsNotHeldAgainstIt(Outcome.Kind kind) {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        for (int i = 0; i < 100; i++) {
            end(pool, a, outcome(kind, 0));
        }
        assertFalse(a.isEjected());
    }

    @Test
    void aChosenStatusCountsAsItIs() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        for (int status : new int[] {502, 503, 504, 503}) {
            end(pool, a, outcome(Outcome.Kind.SERVER_ERROR, status));
        }
        assertFalse(a.isEjected());
        end(pool, a, outcome(Outcome.Kind.SERVER_ERROR, 502));
        assertTrue(a.isEjected());
    }

    @Test
    void aBackendThatFailsAtEverythingStandsOut() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b", "c");
        PooledBackend a = pool.backends().getFirst();
        for (int i = 0; i < 20; i++) {
            assertFalse(a.isEjected());
            end(pool, a, BROKEN);
            end(pool, pool.backends().get(1), Requests.OK);
            end(pool, pool.backends().get(2), Requests.OK);
        }
        assertTrue(a.isEjected());
        alarms.ring();
        end(pool, a, BROKEN);
        end(pool, a, BROKEN);
        assertFalse(a.isEjected(), "it may be the page");
        end(pool, a, BROKEN);
        assertTrue(a.isEjected());
    }

    @Test
    void aPageThatFailsOnEachEjectsNobody() {
        Pool pool = pool(100, AllDown.FAIL, "a", "b", "c");
        for (int i = 0; i < 900; i++) {
            end(pool, pool.backends().get(i % 3), i < 300 || i % 7 != 0 ? BROKEN : Requests.OK);
        }
        assertEquals(List.of(false, false, false), ejected(pool));
    }

    @Test
    void oneClientOfSeveralEjectsNobodyByWhatOnlyItMeets() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        PooledBackend b = pool.backends().get(1);
        pool.release(sent(b, 2), b, Requests.OK);
        for (int i = 0; i < 100; i++) {
            end(pool, a, BROKEN);
        }
        assertFalse(a.isEjected());
        pool.release(sent(a, 2), a, BROKEN);
        assertTrue(a.isEjected(), "the other client meets it as well");
    }

    @Test
    void whoeverIsKeptByACookieAloneEjectsNobodyByAStatus() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        for (int i = 0; i < 100; i++) {
            Requests.Plain kept = sent(a, 1);
            kept.take(a, a.standing(), Reason.STICKY);
            pool.release(kept, a, BROKEN);
        }
        assertFalse(a.isEjected());
        for (int i = 0; i < 5; i++) {
            end(pool, a, REFUSED);
        }
        assertTrue(a.isEjected(), "connections that break count whoever asks");
    }

    @Test
    void aPageIsNoSignOfWhatABrokenConnectionWas() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        fail(pool, a, 5);
        alarms.ring();
        end(pool, a, BROKEN);
        assertEquals(Standing.State.SERVING, a.standing().state());
    }

    @Test
    void checksThatPassEndAnEjectionAndWhatItHasGrownTo() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        fail(pool, a, 5);
        alarms.ring();
        fail(pool, a, 1);
        int before = a.changes();
        pool.markUp(a, before - 1);
        assertTrue(a.isEjected(), "those checks are of before");
        pool.markUp(a, before);
        assertFalse(a.isEjected());
        fail(pool, a, 1);
        assertEquals(TIME.multipliedBy(2), alarms.last(), "as the first probation that fails");
    }

    @Test
    void aBackupServesWhileNoOtherIsAvailable() {
        Pool pool = pool(50, AllDown.FAIL);
        pool.update(
                List.of(Requests.backend("a", 1), Requests.backend("b", 1).withBackup(true), Requests.backend("c", 1)));
        PooledBackend a = pool.backends().getFirst();
        assertEquals("a:80", next(pool).id());
        assertEquals("c:80", acquire(pool).id());
        assertEquals("b:80", acquire(pool).id(), "when the others have failed");
        fail(pool, a, 5);
        pool.markDown(pool.backends().get(2));
        assertEquals("b:80", next(pool).id());
        assertEquals("a:80", acquire(pool).id(), "a backup is better than one that is ejected");
        assertNull(pool.acquire(request));
    }

    @ParameterizedTest
    @ValueSource(ints = {501, 505})
    void aServerThatSaysWhatItCannotDoIsWell(int status) {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        for (int i = 0; i < 100; i++) {
            end(pool, a, outcome(Outcome.Kind.SERVER_ERROR, status));
        }
        assertFalse(a.isEjected());
    }

    @Test
    void comesBackOnProbationAndIsLeftOutTwiceAsLongTheNextTime() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b", "c");
        PooledBackend a = pool.backends().getFirst();
        fail(pool, a, 5);
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            times.add(alarms.last());
            clock.advance(alarms.last());
            alarms.ring();
            assertFalse(a.isEjected());
            assertEquals("a:80", next(pool).id());
            fail(pool, a, 1);
            assertTrue(a.isEjected(), "one failure is enough of one that has just come back");
        }
        assertEquals(List.of(TIME, TIME.multipliedBy(2), TIME.multipliedBy(4), MAX_TIME, MAX_TIME), times);
    }

    @Test
    void oneThatIsBackInServiceBeginsAnew() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        fail(pool, a, 5);
        alarms.ring();
        fail(pool, a, 1);
        assertEquals(TIME.multipliedBy(2), alarms.last());
        alarms.ring();
        end(pool, a, Requests.OK);
        fail(pool, a, 4);
        assertFalse(a.isEjected());
        fail(pool, a, 1);
        assertEquals(TIME, alarms.last());
    }

    @Test
    void aProbationIsOfAFewRequestsAtOnce() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        fail(pool, a, 5);
        alarms.ring();
        List<Requests.Plain> under = new ArrayList<>();
        for (int i = 0; i < Standing.PLACES; i++) {
            Requests.Plain one = new Requests.Plain();
            assertSame(a, pool.acquire(one));
            under.add(one);
        }
        assertEquals("b:80", next(pool).id());
        assertSame(a, acquire(pool), "as a last resort there is no bound");
        pool.release(request, a, outcome(Outcome.Kind.CLIENT_GONE, 0));
        pool.release(under.getFirst(), a, outcome(Outcome.Kind.CLIENT_GONE, 0));
        assertEquals("a:80", next(pool).id(), "that one said nothing, and left its place");
        pool.release(under.get(1), a, Requests.OK);
        for (int i = 0; i < 10; i++) {
            assertEquals("a:80", next(pool).id(), "back in service");
        }
    }

    @Test
    void whatBeganBeforeAReturnCountsForNothingAfterIt() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        List<Requests.Plain> hanging = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            hanging.add(sent(a, i));
        }
        fail(pool, a, 5);
        alarms.ring();
        pool.release(hanging.removeFirst(), a, REFUSED);
        pool.release(hanging.removeFirst(), a, Requests.OK);
        assertEquals(Standing.State.PROBATION, a.standing().state());
        end(pool, a, Requests.OK);
        hanging.forEach(one -> pool.release(one, a, outcome(Outcome.Kind.TIMEOUT, 0)));
        assertEquals(Standing.State.SERVING, a.standing().state());
    }

    @Test
    void theFailureOfTheLastOneLeadsOnToThoseThatAreEjectedTheLongestFirst() {
        Pool pool = pool(100, AllDown.FAIL, "a", "b", "c");
        PooledBackend a = pool.backends().get(0);
        PooledBackend b = pool.backends().get(1);
        fail(pool, b, 5);
        clock.advance(Duration.ofSeconds(1));
        fail(pool, a, 5);
        assertEquals("c:80", next(pool).id());
        assertEquals("b:80", acquire(pool).id());
        assertEquals(Reason.RETRY, request.reason());
        assertEquals("a:80", acquire(pool).id());
        assertNull(pool.acquire(request));
        clock.advance(Duration.ofSeconds(1));
        pool.markDown(pool.backends().get(2));
        assertSame(b, next(pool));
        pool.release(request, b, REFUSED);
        assertSame(a, next(pool), "what was tried in vain is behind the others");
        pool.release(request, a, Requests.OK);
        assertFalse(a.isEjected(), "it was well");
        assertTrue(b.isEjected());
    }

    @Test
    void neverMoreThanTheShareAndNeverTheLastOne() {
        Pool three = pool(50, AllDown.FAIL, "a", "b", "c");
        three.backends().forEach(backend -> fail(three, backend, 20));
        assertEquals(List.of(true, true, false), ejected(three), "half of three, rounded up");
        Pool all = pool(100, AllDown.FAIL, "a", "b", "c");
        all.backends().forEach(backend -> fail(all, backend, 20));
        assertEquals(List.of(true, true, false), ejected(all));
        Pool one = pool(100, AllDown.FAIL, "a");
        fail(one, one.backends().getFirst(), 20);
        assertEquals(List.of(false), ejected(one));
        Pool none = pool(0, AllDown.FAIL, "a", "b");
        none.backends().forEach(backend -> fail(none, backend, 20));
        assertEquals(List.of(false, false), ejected(none));
    }

    @Test
    void withoutAnyInServiceThePolicyDecides() {
        Pool fail = pool(100, AllDown.FAIL, "a", "b");
        fail.backends().forEach(fail::markDown);
        assertNull(fail.acquire(request));
        Pool tryAll = pool(100, AllDown.TRY_ALL, "a", "b");
        tryAll.backends().forEach(tryAll::markDown);
        assertEquals("a:80", next(tryAll).id());
        assertEquals("b:80", acquire(tryAll).id());
        assertNull(tryAll.acquire(request), "each once");
        tryAll.markUp(tryAll.backends().get(1));
        assertEquals("b:80", next(tryAll).id(), "there is one now");
        assertEquals("a:80", acquire(tryAll).id(), "and when it fails there is the other");
    }

    @Test
    void anEjectedOneIsBetterThanNone() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        PooledBackend a = pool.backends().getFirst();
        fail(pool, a, 5);
        pool.markDown(pool.backends().get(1));
        assertEquals("a:80", next(pool).id());
        assertEquals(Reason.ALL_DOWN, request.reason());
        assertNull(pool.acquire(request), "one that is down is not");
        pool.markUp(pool.backends().get(1));
        assertEquals("b:80", next(pool).id());
        assertEquals(Reason.FALLBACK, request.reason(), "the strategy of this test chooses the one that is ejected");
    }

    @Test
    void aBackendWithoutWeightGetsNothingAndIsNotMissed() {
        Pool pool = pool(50, AllDown.TRY_ALL, "a", "b");
        PooledBackend a = next(pool);
        pool.update(List.of(Requests.backend("a", 0), Requests.backend("b", 1)));
        assertEquals("b:80", next(pool).id());
        assertNull(pool.acquire(request));
        assertEquals(1, a.inFlight());
        pool.release(request, a, Requests.OK);
        pool.markDown(pool.backends().get(1));
        assertEquals("b:80", next(pool).id(), "the last resort is no reason to use one that drains");
        assertNull(pool.acquire(request));
    }

    @Test
    void requestMayWaitForOneThatIsEjectedAndFullIfThatIsTheBestThereIs() {
        Pool pool = pool(50, AllDown.FAIL);
        pool.update(List.of(Requests.backend("a", 1, 1), Requests.backend("b", 1, 1)));
        PooledBackend a = pool.backends().getFirst();
        fail(pool, a, 5);
        assertTrue(a.isEjected());
        pool.markDown(pool.backends().get(1));
        assertEquals("a:80", next(pool).id());
        Requests.Plain other = new Requests.Plain();
        assertNull(pool.acquire(other));
        assertTrue(pool.mayWait(other));
        pool.release(request, a, Requests.OK);
        assertSame(a, pool.acquire(other));
    }

    @Test
    void newRulesCountFromNowOnAndLeaveWhatIsEjected() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b", "c");
        PooledBackend a = pool.backends().getFirst();
        PooledBackend b = pool.backends().get(1);
        fail(pool, a, 5);
        pool.goBy(policy(Configs.ejection(false, 2, 50, 20, WINDOW, TIME, MAX_TIME, 100, AllDown.FAIL)));
        assertTrue(a.isEjected());
        fail(pool, b, 2);
        assertTrue(b.isEjected());
        pool.goBy(policy(Configs.ejection(true, 2, 50, 20, WINDOW, TIME, MAX_TIME, 100, AllDown.FAIL)));
        alarms.ring();
        fail(pool, a, 10);
        assertFalse(a.isEjected(), "ejection is off");
    }

    @Test
    void aBackendThatLeftMeanwhileDoesNotComeBack() {
        Pool pool = pool(50, AllDown.FAIL, "a", "b");
        fail(pool, pool.backends().getFirst(), 5);
        pool.update(List.of(Requests.backend("b", 1)));
        alarms.ring();
        assertEquals("b:80", next(pool).id());
        assertNull(pool.acquire(request));
    }

    private Pool pool(int maxPercent, AllDown allDown, String... hosts) {
        EjectionConfig config = Configs.ejection(false, 5, 50, 20, WINDOW, TIME, MAX_TIME, maxPercent, allDown);
        return new Pool(
                "main", Requests.backends(hosts), policy(config), alarms, clock, new Random(1), () -> Runnable::run);
    }

    private static Policy policy(EjectionConfig ejection) {
        return new Policy(FIRST, ejection, Duration.ZERO, Optional.empty());
    }

    /** For a new request. */
    private PooledBackend next(Pool pool) {
        request.reset();
        return acquire(pool);
    }

    private PooledBackend acquire(Pool pool) {
        PooledBackend backend = pool.acquire(request);
        assertNotNull(backend);
        return backend;
    }

    private void fail(Pool pool, PooledBackend backend, int times) {
        for (int i = 0; i < times; i++) {
            end(pool, backend, REFUSED);
        }
    }

    /** Has an attempt of this client end so, whatever the strategy would have chosen. */
    private void end(Pool pool, PooledBackend backend, Outcome outcome) {
        pool.release(sent(backend, 1), backend, outcome);
    }

    private Requests.Plain sent(PooledBackend backend, int client) {
        Requests.Plain sent = Requests.of(client);
        Standing counted = backend.countIn(true);
        assertNotNull(counted);
        sent.take(backend, counted, Reason.POLICY);
        sent.startedBy(Requests.pool("other", List.of(), FIRST, clock, 1).strategy());
        return sent;
    }

    private static List<Boolean> ejected(Pool pool) {
        return pool.backends().stream().map(PooledBackend::isEjected).toList();
    }

    private static Outcome outcome(Outcome.Kind kind, int status) {
        return new Outcome(kind, status, -1, 1);
    }

    /** A timer rung by hand. */
    private static final class Alarms implements Timer {

        private final List<Duration> delays = new ArrayList<>();
        private final List<Runnable> tasks = new ArrayList<>();

        @Override
        public void after(Duration delay, Runnable task) {
            delays.add(delay);
            tasks.add(task);
        }

        Duration last() {
            return delays.getLast();
        }

        void ring() {
            tasks.forEach(Runnable::run);
            tasks.clear();
        }
    }
}
