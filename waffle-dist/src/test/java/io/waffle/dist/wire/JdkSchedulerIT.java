// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Waffle where the JDK does not let it carry its virtual threads: started without the launcher, and without {@code --add-opens}. Then they run on
 * several carriers at once, and nothing may rely on their taking turns.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
final class JdkSchedulerIT {
    private static final int CLIENTS = 64;
    private static final int REQUESTS = 100;
    private static final long LARGE = 256L << 20;

    @AutoClose
    private final Site site = start();

    @Test
    @DisplayName("it says once what to add, serves, and stops on SIGTERM")
    void says() {
        assertEquals(200, site.get("/").status());
        assertEquals(0, site.waffle().terminate());
        long lines = site.waffle()
                .output()
                .lines()
                .filter(line -> line.contains("--add-opens java.base/java.lang=io.waffle.server"))
                .count();
        assertEquals(1, lines, site.waffle()::output);
    }

    @Test
    @DisplayName("64 clients at once, each with a hundred requests with bodies, on kept connections and new ones")
    void manyClients() throws Exception {
        site.backends()
                .forEach(backend -> backend.on(request -> {
                    Body body = request.readBody();
                    request.connection().answer(200, body.text());
                }));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> served = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int id = i;
                served.add(threads.submit(() -> echoes(id)));
            }
            for (Future<Integer> count : served) {
                assertEquals(REQUESTS, count.get());
            }
        }
        site.assertNoFaults();
        assertQuiet();
    }

    @Test
    @DisplayName("256 MiB up and down at once")
    void large() throws Exception {
        site.backends()
                .forEach(backend -> backend.on(request -> {
                    var check = new Content.Check();
                    BackendConnection connection = request.connection();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + (LARGE + 1) + "\r\n\r\n");
                    Future<?> down = CompletableFuture.runAsync(() -> send(connection.socket()));
                    connection.reader().exactly(request.length(), check);
                    down.get();
                    connection.write("."); // a response that ends before its request would cut it short
                }));
        try (RawClient client = site.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: " + LARGE + "\r\n\r\n");
            assertEquals(200, client.readHead().status());
            Future<?> up = CompletableFuture.runAsync(() -> send(client.socket()));
            var check = new Content.Check();
            client.reader().exactly(LARGE, check);
            up.get();
            assertEquals(LARGE, check.received());
            assertEquals(".", client.readText(1));
        }
        assertQuiet();
    }

    @Test
    @DisplayName("clients that go away are noticed, whether they reset or close")
    void abort() throws InterruptedException {
        var begun = new CountDownLatch(CLIENTS);
        var ended = new CountDownLatch(CLIENTS);
        site.backends()
                .forEach(backend -> backend.on(request -> {
                    request.readBody();
                    begun.countDown();
                    request.connection().awaitEnd();
                    ended.countDown();
                }));
        for (int i = 0; i < CLIENTS; i++) {
            RawClient client = site.client().send("GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n");
            while (begun.getCount() > CLIENTS - 1 - i) {
                Thread.onSpinWait();
            }
            if (i % 2 == 0) {
                client.reset();
            } else {
                client.close();
            }
        }
        assertTrue(ended.await(20, TimeUnit.SECONDS), () -> ended.getCount() + " backends still wait");
        assertQuiet();
    }

    @Test
    @DisplayName("a tunnel passes both ways until both have ended")
    void tunnel() throws IOException {
        site.backends()
                .forEach(backend -> backend.on(request -> {
                    BackendConnection to = request.connection();
                    to.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
                    to.reader()
                            .toEnd((bytes, offset, length) ->
                                    to.socket().getOutputStream().write(bytes, offset, length));
                    to.close();
                }));
        try (RawClient client = site.client()) {
            client.send("GET / HTTP/1.1\r\nHost: waffle.test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            assertEquals(101, client.readHead().status());
            for (int i = 0; i < 1_000; i++) {
                String word = "word " + i;
                assertEquals(word, client.send(word).readText(word.length()));
            }
            client.finish().awaitEnd();
        }
        assertQuiet();
    }

    @Test
    @DisplayName("SIGTERM under load: no request fails, exit code 0")
    void stopsUnderLoad() throws Exception {
        var served = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                RawClient client = site.client();
                clients.add(threads.submit(() -> untilGoodbye(client, served)));
            }
            assertTrue(Eventually.holds(() -> served.get() > 10 * CLIENTS));
            assertEquals(0, site.waffle().terminate(), site.waffle()::output);
            for (Future<?> client : clients) {
                client.get();
            }
        }
    }

    private static void untilGoodbye(RawClient client, AtomicInteger served) {
        try (client) {
            boolean last = false;
            while (!last) {
                Response response = client.exchangeGet("/");
                assertEquals(200, response.status());
                served.incrementAndGet();
                last = response.announcesClose();
            }
            client.awaitEnd();
        }
    }

    private int echoes(int id) {
        int served = 0;
        try (RawClient kept = site.client()) {
            for (int i = 0; i < REQUESTS; i++) {
                String body = id + ":" + i + ":" + "x".repeat(i * 97);
                String request = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
                Response response = i % 10 == 0 ? site.exchange(request) : kept.exchange(request);
                assertEquals(body, response.text());
                served++;
            }
        }
        return served;
    }

    private static void send(Socket to) {
        try {
            Content.send(LARGE, to.getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its own faults would be in the log. */
    private void assertQuiet() {
        String output = site.waffle().output();
        assertTrue(output.lines().noneMatch(line -> line.contains("ERROR")), output);
    }

    private static Site start() {
        List<ScriptedBackend> backends = List.of(ScriptedBackend.start(), ScriptedBackend.start());
        List<String> command = List.of(
                WaffleProcess.home().resolve("runtime/bin/java").toString(),
                "-p",
                WaffleProcess.home().resolve("lib").toString(),
                "-m",
                "io.waffle.server/io.waffle.server.cli.Main",
                "-listen",
                "127.0.0.1:0",
                "-backends",
                Site.urls(backends));
        WaffleProcess waffle = WaffleProcess.launch(command, Map.of(), WaffleProcess.home());
        waffle.awaitListening();
        return Site.of(waffle, backends);
    }
}
