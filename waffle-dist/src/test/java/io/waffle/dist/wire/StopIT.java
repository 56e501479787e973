// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Being told to stop, by signal. */
final class StopIT {

    private static final int CLIENTS = 64;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    @DisplayName("M3 a signal under load from 64 keep-alive clients: no request fails, exit code 0")
    void underLoad(String signal) throws Exception {
        try (Site site = Site.open(3);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch warm = new CountDownLatch(CLIENTS);
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> untilTheEnd(site, warm)));
            }
            warm.await();
            site.waffle().signal(signal);
            for (Future<Integer> client : clients) {
                assertTrue(client.get() >= 20);
            }
            var ended = site.waffle().awaitEnd();
            assertEquals(0, ended.code());
            assertFalse(ended.output().contains("Exception"), ended::output);
        }
    }

    @RepeatedTest(10)
    @DisplayName("M3 a stop as soon as it listens is a stop like any other, and says so")
    void atOnce() {
        try (Site site = Site.open(1)) {
            var ended = site.waffle().signal("TERM").awaitEnd();
            assertEquals(0, ended.code(), ended::output);
            assertTrue(ended.output().contains("INFO waffle: stopping: waiting for requests in flight"), ended::output);
            assertTrue(ended.output().contains("INFO waffle: stopped"), ended::output);
        }
    }

    @Test
    @DisplayName("M3 a request in flight is answered, with Connection: close, and idle connections are closed")
    void inFlight() throws Exception {
        try (Site site = Site.open(1);
                RawClient idle = site.client();
                RawClient busy = site.client()) {
            assertEquals(200, idle.exchange(GET).status());
            CountDownLatch release = new CountDownLatch(1);
            site.backend().on(request -> {
                release.await();
                request.connection().answer(200, "late");
            });
            busy.send(GET);
            site.backend().next();
            site.backend().next();
            site.waffle().signal("TERM");
            idle.awaitEnd(); // by then the stop has begun
            release.countDown();
            Response response = busy.read();
            assertEquals("late", response.text());
            assertTrue(response.announcesClose());
            assertEquals(0, site.waffle().awaitEnd().code());
        }
    }

    @Test
    @DisplayName("H11 a tunnel is kept until the drain deadline, then cut")
    void tunnel() throws Exception {
        try (Site site = Site.open(1, "-timeout-drain", "2s");
                RawClient client = site.client()) {
            site.backend().on(request -> {
                BackendConnection to = request.connection();
                to.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
                while (true) {
                    to.write(new byte[] {(byte) to.socket().getInputStream().read()});
                }
            });
            client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            assertEquals(101, client.readHead().status());
            site.waffle().signal("TERM");
            client.send("x");
            assertEquals("x", client.readText(1));
            client.awaitEnd();
            var ended = site.waffle().awaitEnd();
            assertEquals(0, ended.code());
            assertFalse(ended.output().contains("Exception"), ended::output);
        }
    }

    @Test
    @DisplayName("shutdown.delay: told to stop, it serves on, new connections too, and says that it will not for long")
    void delay() {
        try (Site site = Site.open(1, "-shutdown-delay", "3s", "-admin", "127.0.0.1:0")) {
            AdminClient admin = AdminClient.of(site.waffle());
            assertEquals(200, admin.send("GET", "/readyz", "").status());
            site.waffle().signal("TERM");
            assertTrue(Eventually.holds(() -> admin.send("GET", "/readyz", "").status() == 503));
            assertEquals(200, site.get("/new").status());
            assertEquals(0, site.waffle().awaitEnd().code());
        }
    }

    /** Sends requests until told that the connection closes, and a new one is refused; returns how many were answered. */
    private static int untilTheEnd(Site site, CountDownLatch warm) {
        int answered = 0;
        while (true) {
            RawClient client;
            try {
                client = site.client();
            } catch (UncheckedIOException e) {
                return answered; // nobody listens any more
            }
            try (client) {
                boolean open = true;
                while (open) {
                    Response response = client.exchange(GET);
                    assertEquals(200, response.status());
                    if (++answered == 20) {
                        warm.countDown();
                    }
                    open = !response.announcesClose();
                }
            }
        }
    }
}
