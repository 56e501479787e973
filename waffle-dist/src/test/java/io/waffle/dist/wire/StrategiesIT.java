// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the three strategies promise, seen from outside. */
final class StrategiesIT {

    @Test
    @DisplayName("round robin: 3,000 requests over 3 backends give 1,000 each")
    void roundRobinIsExact() {
        try (Site site = named(Site.open(3));
                RawClient client = site.client()) {
            Map<String, Integer> counts = new HashMap<>();
            for (int i = 0; i < 3_000; i++) {
                counts.merge(client.exchange(GET).text(), 1, Integer::sum);
            }
            assertEquals(Map.of("0", 1_000, "1", 1_000, "2", 1_000), counts);
        }
    }

    @Test
    @DisplayName("round robin: 64 clients at once stay within 1 %")
    void roundRobinIsEvenUnderLoad() throws Exception {
        try (Site site = named(Site.open(3))) {
            Map<String, Integer> counts = load(site, 64, 150);
            int even = 64 * 150 / 3;
            counts.forEach((backend, count) ->
                    assertTrue(Math.abs(count - even) <= even / 100, () -> "backend " + backend + " of " + counts));
        }
    }

    @Test
    @DisplayName("ip-hash: 1,000 client addresses each keep their backend; removing one moves only its own clients")
    void ipHashKeepsClients() {
        Map<String, String> first = new HashMap<>();
        try (Site site = named(Site.open(3, "-lb-strategy", "ip-hash"))) {
            List<String> addresses = IntStream.range(0, 1_000)
                    .mapToObj(i -> "127." + (1 + i % 7) + "." + i / 250 + "." + (1 + i % 250))
                    .toList();
            for (String address : addresses) {
                first.put(address, answer(address, site.port()));
                assertEquals(first.get(address), answer(address, site.port()), address);
            }
            assertEquals(1_000, first.size());
            List<ScriptedBackend> left = site.backends().subList(0, 2);
            try (Site smaller = Site.over(left, Map.of(), "-lb-strategy", "ip-hash")) {
                for (String address : addresses) {
                    String now = answer(address, smaller.port());
                    if (!"2".equals(first.get(address))) {
                        assertEquals(first.get(address), now, address);
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("least-connections: requests that are held go to whoever holds the fewest")
    void leastConnectionsIsExact() throws Exception {
        try (Site site = Site.open(3, "-lb-strategy", "least-connections")) {
            CountDownLatch release = new CountDownLatch(1);
            site.backends()
                    .forEach(backend -> backend.on(request -> {
                        release.await();
                        request.connection().answer(200, "ok");
                    }));
            List<RawClient> clients = new ArrayList<>();
            for (int round = 1; round <= 4; round++) {
                for (int i = 0; i < 3; i++) {
                    clients.add(site.client().send(GET));
                }
                for (ScriptedBackend backend : site.backends()) {
                    backend.next(); // one each in every round, in whatever order
                }
            }
            release.countDown();
            for (RawClient client : clients) {
                assertEquals(200, client.read().status());
                client.close();
            }
        }
    }

    /**
     * A pick takes the slow backend, with k in flight there, only if the other two have at least k each. With c clients at most c - 1 requests
     * are in flight at that moment, so 3 k is at most c - 1, and the slow one never holds more than (c - 1) / 3 + 1. What the backend counts
     * is never more than what Waffle counts. On one processor, so that no request starts while a pick reads the counts one after another.
     */
    @Test
    @DisplayName("least-connections: a slow backend never holds more than one request more than the others")
    void leastConnectionsSparesTheSlow() throws Exception {
        int clients = 16;
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Site site = named(Site.open(
                3, Map.of("WAFFLE_JAVA_OPTS", "-XX:ActiveProcessorCount=1"), "-lb-strategy", "least-connections"))) {
            site.backend(0).on(request -> {
                most.accumulateAndGet(held.incrementAndGet(), Math::max);
                new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS); // slow, as the issue has it
                held.decrementAndGet();
                request.connection().answer(200, "0");
            });
            Map<String, Integer> counts = load(site, clients, 200);
            assertEquals(
                    clients * 200, counts.values().stream().mapToInt(i -> i).sum());
            assertTrue(most.get() <= (clients - 1) / 3 + 1, () -> "held at once: " + most);
            int slow = counts.getOrDefault("0", 0);
            assertTrue(slow < counts.getOrDefault("1", 0) && slow < counts.getOrDefault("2", 0), counts::toString);
        }
    }

    /** Each backend answers with its own number. */
    private static Site named(Site site) {
        for (int i = 0; i < site.backends().size(); i++) {
            String name = Integer.toString(i);
            site.backend(i).on(request -> request.connection().answer(200, name));
        }
        return site;
    }

    private static String answer(String address, int port) {
        try (RawClient client = RawClient.from(address, port)) {
            String first = client.exchange(GET).text();
            assertEquals(first, client.exchange(GET).text(), address);
            return first;
        }
    }

    /** How often each backend answered, when so many clients send so many requests each, one after the other. */
    private static Map<String, Integer> load(Site site, int clients, int requests) throws Exception {
        Map<String, Integer> counts = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> answers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                answers.add(threads.submit(() -> {
                    try (RawClient client = site.client()) {
                        return IntStream.range(0, requests)
                                .mapToObj(n -> client.exchange(GET).text())
                                .toList();
                    }
                }));
            }
            for (Future<List<String>> some : answers) {
                some.get().forEach(answer -> counts.merge(answer, 1, Integer::sum));
            }
        }
        return counts;
    }
}
