// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More requests than the backends may be sent at once. */
final class OverloadIT {

    private static final int BOUND = 10;
    private static final int CLIENTS = 1_000;
    private static final int QUEUE = 100;

    /** By how much a machine that does other things as well, and this client on it, may make an answer late. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(8);

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName(
            "1,000 clients at once, three backends of ten each, 100 may wait: the rest get 503 at once, no bound is passed")
    void bounds(String strategy) throws Exception {
        try (Site site = Site.open(3, limits(QUEUE, Duration.ofMinutes(1), "-lb-strategy", strategy));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Held held = new Held(site);
            List<Future<Response>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                answers.add(threads.submit(() -> site.exchange(GET)));
            }
            int refused = CLIENTS - 3 * BOUND - QUEUE;
            assertTrue(Eventually.holds(
                    () -> answers.stream().filter(Future::isDone).count() >= refused));
            held.release();
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (Future<Response> answer : answers) {
                Response response = answer.get();
                statuses.merge(response.status(), 1, Integer::sum);
                if (response.status() == 503) {
                    assertTurnedAway(response);
                }
            }
            assertEquals(Map.of(200, 3 * BOUND + QUEUE, 503, refused), statuses);
            assertEquals(List.of(BOUND, BOUND, BOUND), held.most());
        }
    }

    @Test
    @DisplayName("who waits longer than the deadline of the queue gets a 503, and the next request is served")
    void deadline() throws Exception {
        try (Site site = Site.open(1, "-limit-backend-in-flight", "1", "-timeout-queue", "200ms");
                RawClient first = site.client();
                RawClient second = site.client()) {
            Held held = new Held(site);
            first.send(GET);
            site.backend().next();
            assertEquals(503, second.exchange(GET).status());
            held.release();
            assertEquals(200, first.read().status());
            assertEquals(200, second.exchange(GET).status());
        }
    }

    /** All may wait, and without a deadline the last would for sixteen seconds: 30 are served in 500 ms. */
    @Test
    @DisplayName(
            "1,000 clients ask again and again, for more than can be served in time: nobody waits for longer than the deadline, nor is refused before it")
    void sustained() throws Exception {
        Duration deadline = Duration.ofSeconds(1);
        Duration service = Duration.ofMillis(500);
        try (Site site = Site.open(3, limits(CLIENTS, deadline))) {
            AtomicInteger most = serveIn(service, site);
            Crowd crowd = Crowd.ask(CLIENTS, 3, site);
            assertServedOrTurnedAway(crowd);
            assertTrue(crowd.slowest(200).compareTo(deadline.plus(service).plus(ALLOWANCE)) < 0, crowd::toString);
            assertTrue(crowd.slowest(503).compareTo(deadline.plus(ALLOWANCE)) < 0, crowd::toString);
            assertTrue(crowd.quickest(503).compareTo(deadline) >= 0, crowd::toString);
            assertTrue(most.get() <= BOUND, most::toString);
            assertEquals(200, site.get("/").status());
        }
    }

    /**
     * After three waves each connection has had its buffers, and the young generation was touched. What may grow still is the old generation of a
     * heap of 64 MiB, until it is full and collected: 32 MiB; and compiled code. The other seven waves are 35,000 requests, so of each of them less than
     * 1.5 KiB may be left behind; on the heap, that would end the process.
     */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
    @DisplayName(
            "ten waves of 1,000 clients that ask again at once, 100 may wait: no wave takes more memory than those before, and no bound is passed")
    void memory() throws Exception {
        long growth = 48L << 20;
        try (Site site = Site.open(3, Map.of("WAFFLE_JAVA_OPTS", "-Xmx64m"), limits(QUEUE, Duration.ofMinutes(1)))) {
            AtomicInteger most = serveIn(Duration.ofMillis(20), site);
            assertServedOrTurnedAway(3, site);
            long before = site.waffle().residentBytes();
            assertServedOrTurnedAway(7, site);
            long after = site.waffle().residentBytes();
            assertTrue(after - before < growth, () -> "grew from " + before + " to " + after);
            assertTrue(most.get() <= BOUND, most::toString);
            assertEquals(200, site.get("/").status());
        }
    }

    private static void assertServedOrTurnedAway(int waves, Site site) throws Exception {
        for (int wave = 0; wave < waves; wave++) {
            assertServedOrTurnedAway(Crowd.ask(CLIENTS, 5, site));
        }
    }

    /** Checks that there are both, and that those who were not served are told when to come back. */
    private static void assertServedOrTurnedAway(Crowd crowd) {
        assertEquals(Set.of(200, 503), crowd.statuses().keySet(), crowd::toString);
        crowd.responses(503).forEach(OverloadIT::assertTurnedAway);
    }

    private static String[] limits(int queue, Duration deadline, String... more) {
        String[] limits = {
            "-limit-backend-in-flight",
            Integer.toString(BOUND),
            "-limit-queue",
            Integer.toString(queue),
            "-timeout-queue",
            deadline.toMillis() + "ms"
        };
        return Options.with(limits, more);
    }

    private static void assertTurnedAway(Response response) {
        assertEquals("1", response.value("Retry-After").orElseThrow());
        assertEquals("all backends are busy\n", response.text());
    }

    /** Has each backend take this long for each request; returns the most that one of them had at once. */
    private static AtomicInteger serveIn(Duration service, Site site) {
        AtomicInteger most = new AtomicInteger();
        for (ScriptedBackend backend : site.backends()) {
            AtomicInteger held = new AtomicInteger();
            backend.on(request -> {
                most.accumulateAndGet(held.incrementAndGet(), Math::max);
                Thread.sleep(service); // the pace of this backend
                held.decrementAndGet();
                request.connection().answer(200, "ok");
            });
        }
        return most;
    }

    /** Backends that hold every request until they are told to answer, and count. */
    private static final class Held {

        private final CountDownLatch release = new CountDownLatch(1);
        private final List<AtomicInteger> most = new ArrayList<>();

        Held(Site site) {
            for (ScriptedBackend backend : site.backends()) {
                AtomicInteger held = new AtomicInteger();
                AtomicInteger top = new AtomicInteger();
                most.add(top);
                backend.on(request -> {
                    top.accumulateAndGet(held.incrementAndGet(), Math::max);
                    release.await();
                    held.decrementAndGet();
                    request.connection().answer(200, "ok");
                });
            }
        }

        void release() {
            release.countDown();
        }

        List<Integer> most() {
            return most.stream().map(AtomicInteger::get).toList();
        }
    }
}
