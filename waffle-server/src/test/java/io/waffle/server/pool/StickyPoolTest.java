// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.config.EjectionConfig.AllDown;
import io.waffle.server.config.StickyConfig;
import io.waffle.server.config.StickyConfig.SameSite;
import io.waffle.server.http.CookieTokens;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.RequestHead;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pool whose strategy picks the first backend of a, b and c, and whose clients are kept with theirs by a cookie. */
final class StickyPoolTest {

    private static final Duration DRAIN = Duration.ofMinutes(5);
    private static final Outcome FAILED = new Outcome(Outcome.Kind.SERVER_ERROR, 502, 1, 1);
    private static final byte[] KEY = "a key that nobody would guess".getBytes(StandardCharsets.US_ASCII);

    private final FakeClock clock = new FakeClock();
    private final Teller teller = new Teller();
    private final Client client = new Client();

    @Test
    void aClientIsKeptWithItsBackendWhateverTheStrategySays() {
        Pool pool = pool("a", "b", "c");
        assertEquals("b:80", serve(pool, cookie(pool, 1)));
        assertEquals(Reason.STICKY, client.reason());
        assertEquals(1, client.attempt());
        assertNull(client.renewal(backend(pool, 1)));
        assertEquals(List.of("started b:80", "completed b:80"), teller.events);
        assertEquals(0, teller.picks);
    }

    @Test
    void whoHasNoCookieOfThePoolGetsThatOfTheBackendThatServes() {
        Pool pool = pool("a", "b", "c");
        Pool other = pool("a", "b", "c");
        other.goBy(policy(Optional.of(stickiness("another key that nobody would guess"))));
        for (String cookie : List.of("", "w=x", cookie(other, 1))) {
            assertEquals("a:80", serve(pool, cookie));
            assertEquals(Reason.POLICY, client.reason());
            assertSame(backend(pool, 0).cookie(), client.renewal(backend(pool, 0)));
        }
    }

    @Test
    void aForgedCookieBeforeTheRightOneChangesNothing() {
        Pool pool = pool("a", "b", "c");
        assertEquals("c:80", serve(pool, "w=AAAAAAAAAAAAAAAAAAAAAQ; " + cookie(pool, 2)));
        assertNull(client.renewal(backend(pool, 2)));
    }

    @Test
    void aBackendThatIsDownOrEjectedOrGoneLosesItsClients() {
        Pool pool = pool("a", "b", "c", "d");
        String ofB = cookie(pool, 1);
        String ofC = cookie(pool, 2);
        String ofD = cookie(pool, 3);
        pool.markDown(backend(pool, 1));
        fail(pool, backend(pool, 2), 5);
        assertTrue(backend(pool, 2).isEjected());
        pool.update(Requests.backends("a", "b", "c"));
        for (String cookie : List.of(ofB, ofC, ofD)) {
            assertEquals("a:80", serve(pool, cookie));
            assertEquals(Reason.POLICY, client.reason());
            assertSame(backend(pool, 0).cookie(), client.renewal(backend(pool, 0)));
        }
        pool.markUp(backend(pool, 1));
        assertEquals("b:80", serve(pool, ofB), "who did not come meanwhile is where he was");
    }

    @Test
    void changesOfOtherBackendsMoveNobody() {
        Pool pool = pool("a", "b", "c");
        String cookie = cookie(pool, 1);
        pool.update(Requests.backends("x", "b", "y", "z"));
        assertEquals("b:80", serve(pool, cookie));
        pool.update(List.of(Requests.backend("b", 7)));
        assertEquals("b:80", serve(pool, cookie));
    }

    @Test
    void aBackendThatDrainsServesItsClientsUntilTheDeadline() {
        Pool pool = pool("a", "b");
        String cookie = cookie(pool, 1);
        clock.advance(DRAIN);
        pool.update(List.of(Requests.backend("a", 1), Requests.backend("b", 0)));
        clock.advance(DRAIN.minusNanos(1));
        assertEquals("b:80", serve(pool, cookie));
        assertNull(client.renewal(backend(pool, 1)));
        clock.advance(Duration.ofNanos(1));
        assertEquals("a:80", serve(pool, cookie));
        assertSame(backend(pool, 0).cookie(), client.renewal(backend(pool, 0)));
        pool.update(List.of(Requests.backend("a", 1), Requests.backend("b", 3)));
        pool.update(List.of(Requests.backend("a", 1), Requests.backend("b", 0)));
        assertEquals("b:80", serve(pool, cookie), "a new drain has a new deadline");
    }

    @Test
    void aChangeOfAnotherBackendDoesNotPutTheDeadlineOff() {
        Pool pool = pool("a", "b");
        String cookie = cookie(pool, 1);
        pool.update(List.of(Requests.backend("a", 1), Requests.backend("b", 0)));
        clock.advance(DRAIN.minusNanos(1));
        pool.update(List.of(Requests.backend("a", 2), Requests.backend("b", 0)));
        pool.markDown(backend(pool, 1));
        assertEquals("a:80", serve(pool, cookie), "one that is down keeps nobody");
        pool.markUp(backend(pool, 1));
        assertEquals("b:80", serve(pool, cookie));
        clock.advance(Duration.ofNanos(1));
        assertEquals("a:80", serve(pool, cookie));
    }

    @Test
    void whenAllDrainNewClientsHaveNoneAndOthersTheirOwn() {
        Pool pool = pool(Requests.backend("a", 0), Requests.backend("b", 0));
        String cookie = cookie(pool, 1);
        assertNull(pool.acquire(client.with("")));
        assertEquals("b:80", serve(pool, cookie), "a weight of 0 at the start begins a drain");
        assertFalse(pool.mayWait(client));
        clock.advance(DRAIN);
        assertNull(pool.acquire(client.with(cookie)));
    }

    @Test
    void whoseBackendIsFullIsServedElsewhereAndStays() {
        Pool pool = pool(Requests.backend("a", 1), Requests.backend("b", 1, 1));
        String cookie = cookie(pool, 1);
        PooledBackend b = backend(pool, 1);
        Client first = new Client();
        assertSame(b, pool.acquire(first.with(cookie)));
        assertEquals("a:80", serve(pool, cookie));
        assertEquals(Reason.POLICY, client.reason());
        assertNull(client.renewal(backend(pool, 0)), "it was only full");
        pool.release(first, b, Requests.OK);
        assertEquals("b:80", serve(pool, cookie));
    }

    @Test
    void whoseBackendDrainsAndIsFullMayWaitForIt() {
        Pool pool = pool(Requests.backend("a", 0, 1));
        String cookie = cookie(pool, 0);
        Client first = new Client();
        PooledBackend a = pool.acquire(first.with(cookie));
        assertNotNull(a);
        assertNull(pool.acquire(client.with(cookie)));
        assertTrue(pool.mayWait(client));
        Client stranger = new Client().with("");
        assertNull(pool.acquire(stranger));
        assertFalse(pool.mayWait(stranger));
        pool.release(first, a, Requests.OK);
        assertSame(a, pool.acquire(client));
        assertFalse(pool.mayWait(client));
    }

    @Test
    void anotherAttemptIsForAnotherBackendWhichKeepsTheClient() {
        Pool pool = pool("a", "b", "c");
        client.with(cookie(pool, 1));
        assertSame(backend(pool, 1), pool.acquire(client));
        assertSame(backend(pool, 0), pool.acquire(client));
        assertEquals(Reason.RETRY, client.reason());
        assertEquals(2, client.attempt());
        assertSame(backend(pool, 0).cookie(), client.renewal(backend(pool, 0)));
    }

    @Test
    void aBackendThatDrainsAndFailsIsEjectedSoThatItsClientsMove() {
        Pool pool = pool("a", "b");
        String cookie = cookie(pool, 1);
        pool.update(List.of(Requests.backend("a", 1), Requests.backend("b", 0)));
        fail(pool, backend(pool, 1), 5);
        assertEquals("a:80", serve(pool, cookie));
    }

    @Test
    void theLastOneInServiceIsNotEjectedForOneThatDrains() {
        Pool pool = pool("a", "b");
        pool.update(List.of(Requests.backend("a", 1), Requests.backend("b", 0)));
        fail(pool, backend(pool, 0), 5);
        assertEquals("a:80", serve(pool, ""));
    }

    @Test
    void whenAllAreDownAndTriedClientsKeepTheirs() {
        Pool pool = pool("a", "b");
        String cookie = cookie(pool, 1);
        pool.backends().forEach(pool::markDown);
        assertEquals("b:80", serve(pool, cookie));
        assertEquals("a:80", serve(pool, ""));
    }

    @Test
    void noCookieNoStickiness() {
        Pool pool = pool("a", "b");
        String cookie = cookie(pool, 1);
        pool.goBy(policy(Optional.empty()));
        assertEquals("a:80", serve(pool, cookie));
        assertNull(client.renewal(backend(pool, 0)));
    }

    @Test
    void anotherKeyIsAnotherCookie() {
        Pool pool = pool("a", "b");
        String before = cookie(pool, 1);
        pool.goBy(policy(Optional.of(stickiness("another key that nobody would guess"))));
        assertEquals("a:80", serve(pool, before));
        assertEquals("b:80", serve(pool, cookie(pool, 1)));
    }

    @Test
    void eachOfManyBackendsIsFoundByItsCookieAndNothingElseIs() throws HeadException {
        List<BackendConfig> many = IntStream.range(0, 10_000)
                .mapToObj(i -> Requests.backend("host-" + i, 1))
                .toList();
        Pool pool = pool(many.toArray(BackendConfig[]::new));
        Set<String> cookies = new HashSet<>();
        for (PooledBackend backend : pool.backends()) {
            String cookie = cookie(backend);
            assertTrue(cookies.add(cookie));
            assertEquals(backend.id(), serve(pool, cookie));
        }
        Random random = new Random(7);
        StickyTable table = new StickyTable(stickiness(KEY), pool.backends());
        for (int i = 0; i < 100_000; i++) {
            assertNull(table.find(random.nextLong(), random.nextLong()));
        }
    }

    @Test
    void stayingAllocatesNothing() {
        Pool pool = pool("a", "b", "c");
        client.with("a=b; " + cookie(pool, 1) + "; c=d");
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i == 10_000) {
                before = meter.getCurrentThreadAllocatedBytes();
            }
            client.reset();
            PooledBackend backend = pool.acquire(client);
            assertNotNull(backend);
            pool.release(client, backend, Requests.OK);
        }
        long allocated = meter.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 10_000, () -> allocated + " bytes by 10,000 attempts"); // less than a byte each
        assertEquals(Reason.STICKY, client.reason());
    }

    private Pool pool(String... hosts) {
        return pool(Stream.of(hosts).map(host -> Requests.backend(host, 1)).toArray(BackendConfig[]::new));
    }

    /** Five failures in a row eject; when all are down, all are tried. */
    private Pool pool(BackendConfig... backends) {
        Timer never = (delay, task) -> {};
        return new Pool(
                "main",
                List.of(backends),
                policy(Optional.of(stickiness(KEY))),
                never,
                clock,
                new Random(1),
                () -> Runnable::run);
    }

    private Policy policy(Optional<Stickiness> stickiness) {
        Duration hour = Duration.ofHours(1);
        EjectionConfig ejection = Configs.ejection(false, 5, 50, 20, hour, hour, hour, 50, AllDown.TRY_ALL);
        return new Policy(teller, ejection, Duration.ZERO, stickiness);
    }

    private static Stickiness stickiness(String key) {
        return stickiness(key.getBytes(StandardCharsets.US_ASCII));
    }

    private static Stickiness stickiness(byte[] key) {
        return new Stickiness(
                new StickyConfig(
                        Optional.of("w"),
                        List.of(),
                        Duration.ZERO,
                        "/",
                        SameSite.LAX,
                        DRAIN,
                        StickyConfig.Cacheable.KEEP),
                key);
    }

    /** Sends a request with this Cookie to its end; returns who served it. */
    private String serve(Pool pool, String cookie) {
        PooledBackend backend = pool.acquire(client.with(cookie));
        assertNotNull(backend);
        pool.release(client, backend, Requests.OK);
        return backend.id();
    }

    private void fail(Pool pool, PooledBackend backend, int times) {
        String cookie = cookie(backend);
        for (int i = 0; i < times; i++) {
            assertSame(backend, pool.acquire(client.with(cookie)));
            pool.release(client, backend, FAILED);
        }
    }

    private static PooledBackend backend(Pool pool, int number) {
        return pool.backends().get(number);
    }

    /** What a client sends that has the cookie of this backend. */
    private static String cookie(Pool pool, int number) {
        return cookie(backend(pool, number));
    }

    private static String cookie(PooledBackend backend) {
        StickyCookie cookie = backend.cookie();
        assertNotNull(cookie);
        return StickyCookieTest.pair(cookie);
    }

    /** A GET with this Cookie. */
    private static final class Client extends Requests.Plain {

        private final RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        private final CookieTokens tokens = new CookieTokens(head);

        Client with(String cookie) {
            reset();
            head.reset();
            byte[] bytes =
                    ("GET / HTTP/1.1\r\nHost: h\r\nCookie: " + cookie + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            try {
                assertEquals(bytes.length, head.parse(ByteBuffer.wrap(bytes), bytes.length));
            } catch (HeadException e) {
                throw new AssertionError(e);
            }
            return this;
        }

        @Override
        protected @Nullable PooledBackend named(StickyTable table) {
            return table.find(tokens);
        }
    }

    /** Picks the first that is eligible, and remembers what it was asked and told. */
    private static final class Teller implements Strategy {

        private final List<String> events = new ArrayList<>();
        private int picks;

        @Override
        public Picker picker(List<Backend> backends) {
            return pick -> {
                picks++;
                return backends.stream().filter(pick::isEligible).findFirst().orElseThrow();
            };
        }

        @Override
        public void started(Backend backend) {
            note("started ", backend);
        }

        @Override
        public void completed(Backend backend, Outcome outcome) {
            note("completed ", backend);
        }

        private void note(String what, Backend backend) {
            if (events.size() < 4) {
                events.add(what + backend.id());
            }
        }
    }
}
