// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More requests than the backends may be sent at once. */
final class OverloadIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n";
    private static final int BOUND = 10;

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName(
            "1,000 clients at once, three backends of ten each, 100 may wait: the rest get 503 at once, no bound is passed")
    void bounds(String strategy) throws Exception {
        int clients = 1_000;
        int queue = 100;
        try (Site site = Site.open(
                        3,
                        "-lb-strategy",
                        strategy,
                        "-limit-backend-in-flight",
                        Integer.toString(BOUND),
                        "-limit-queue",
                        Integer.toString(queue),
                        "-timeout-queue",
                        "1m");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Held held = new Held(site);
            List<Future<Response>> answers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                answers.add(threads.submit(() -> site.exchange(GET)));
            }
            int refused = clients - 3 * BOUND - queue;
            assertTrue(Eventually.holds(
                    () -> answers.stream().filter(Future::isDone).count() >= refused));
            held.release();
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (Future<Response> answer : answers) {
                Response response = answer.get();
                statuses.merge(response.status(), 1, Integer::sum);
                if (response.status() == 503) {
                    assertEquals("1", response.value("Retry-After").orElseThrow());
                    assertEquals("all backends are busy\n", response.text());
                }
            }
            assertEquals(Map.of(200, 3 * BOUND + queue, 503, refused), statuses);
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
