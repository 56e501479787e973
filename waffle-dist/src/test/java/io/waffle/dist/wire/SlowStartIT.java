// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that comes back gets its share little by little. */
final class SlowStartIT {

    private static final int RAMP_SECONDS = 4;
    private static final int CLIENTS = 16;
    private static final int ADDRESSES = 2_000;
    private static final double FIRST = 0.1;

    @ParameterizedTest
    @MostlyWaits
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName("under load, the share of one of three that comes back stays below the ramp, and becomes whole")
    void ramp(String strategy) throws Exception {
        try (Site site = Site.open(
                        3,
                        "-lb-strategy",
                        strategy,
                        "-slow-start",
                        RAMP_SECONDS + "s",
                        "-health-check-path",
                        "/well",
                        "-health-check-interval",
                        "50ms",
                        "-health-check-rise",
                        "1",
                        "-health-check-fall",
                        "1");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean sick = new AtomicBoolean(true);
            for (int i = 0; i < 3; i++) {
                boolean returns = i == 0;
                site.backend(i).on(request -> {
                    boolean check = request.head().target().equals("/well");
                    Thread.sleep(check ? 0 : 2); // what it works; so there are some in flight
                    request.connection().answer(check && returns && sick.get() ? 503 : 200, returns ? "it" : "other");
                });
            }
            site.waffle().awaitOutput(Pattern.compile("is down"));
            sick.set(false);
            long start = System.nanoTime(); // before the ramp: so it is never behind what is reckoned with here
            Served served = new Served();
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> {
                    double ramp;
                    do {
                        String text = get(site.port(), next.getAndIncrement() % ADDRESSES);
                        ramp = (System.nanoTime() - start) / 1e9 / RAMP_SECONDS;
                        served.count(text, ramp);
                    } while (ramp < 1.5);
                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
            site.waffle().awaitOutput(Pattern.compile("is up again"));
            served.check();
        }
    }

    /** On a connection, and from an address, of its own. */
    private static String get(int port, int address) {
        try (RawClient client = RawClient.from("127.1." + address / 250 + "." + (1 + address % 250), port)) {
            Response response = client.exchangeGet("/");
            assertEquals(200, response.status());
            return response.text();
        }
    }

    /** How much the one that came back has served, and how much it might have. */
    private static final class Served {

        private int requests;
        private int byIt;
        private double allowed;
        private int late;
        private int lateByIt;

        synchronized void count(String text, double ramp) {
            boolean it = text.equals("it");
            if (ramp < 1) {
                double weight = Math.max(FIRST, ramp);
                requests++;
                allowed += weight / (weight + 2);
                byIt += it ? 1 : 0;
            } else if (ramp > 1.2) {
                late++;
                lateByIt += it ? 1 : 0;
            }
        }

        /** Shares of addresses are by chance, so there is some slack: without a ramp it would have a third from the beginning. */
        synchronized void check() {
            String text = byIt + " of " + requests + ", then " + lateByIt + " of " + late;
            assertTrue(byIt <= 1.1 * allowed + 0.03 * requests, () -> text + "; at most " + allowed);
            assertTrue(byIt > 0.02 * requests, text);
            assertTrue(lateByIt > 0.25 * late, text);
        }
    }
}
