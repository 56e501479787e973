// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that disappears: its backend is told, and is counted as free again. */
final class ClientGoneIT {
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** An odd number, so that over two backends the counts cannot be left equal by mistake. */
    private static final int CLIENTS = 7;

    private static final String GET = "GET /work HTTP/1.1\r\nHost: waffle.test\r\n\r\n";
    private static final String HALF_AN_UPLOAD =
            "PUT /work HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(100_000);

    private static Site plain;
    private static Site tls;

    /** What is under way when the client goes. */
    enum During {
        /** The backend has the request, and works. */
        WORK(GET),
        /** The backend waits for the rest of the request. */
        UPLOAD(HALF_AN_UPLOAD),
        /** The backend sends as much as it can. */
        DOWNLOAD(GET),
        /** The backend sends an event every now and then. */
        EVENTS(GET);

        private final String request;

        During(String request) {
            this.request = request;
        }
    }

    /** How it goes. */
    enum Farewell {
        /** As when its host or its network fails. */
        RESET,
        /** As when its process ends. */
        CLOSE
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        plain = Site.open(2, "-lb-strategy", "least-connections");
        Path certificate = TestCertificates.shared().rsa().write(folder, "server");
        String key = folder.resolve("server.key").toString();
        tls = Site.open(2, "-lb-strategy", "least-connections", "-tls-cert", certificate.toString(), "-tls-key", key);
    }

    @AfterAll
    static void stop() {
        plain.close();
        tls.close();
    }

    static Stream<Arguments> cases() {
        return Stream.of(false, true)
                .flatMap(secured -> Arrays.stream(During.values()).flatMap(during -> Arrays.stream(Farewell.values())
                        .map(farewell -> Arguments.of(secured, during, farewell))));
    }

    private static void leave(RawClient client, Farewell farewell) {
        if (farewell == Farewell.RESET) {
            client.reset();
        } else {
            client.close();
        }
    }

    /** The median of several clients that leave together: one of them may meet a machine that is busy with something else. */
    @ParameterizedTest(name = "TLS {0}, {1}, {2}")
    @MethodSource("cases")
    @DisplayName("28 a client that disappears is seen by its backend within 1 s, and leaves nothing in flight")
    void gone(boolean secured, During during, Farewell farewell) throws Exception {
        Site site = secured ? tls : plain;
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            var begun = new CompletableFuture<Void>();
            var end = new CompletableFuture<Long>();
            site.backends().forEach(backend -> backend.on(request -> serve(request, during, begun, end)));
            clients.add(connect(site).send(during.request));
            await(begun);
            ends.add(end);
        }
        List<Long> gone = new ArrayList<>();
        for (RawClient client : clients) {
            leave(client, farewell);
            gone.add(System.nanoTime()); // a TLS client that closes first reads what it is still sent, which may take
            // a while
        }
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            delays.add(await(ends.get(i)) - gone.get(i));
        }
        delays.sort(null);
        assertTrue(delays.get(CLIENTS / 2) <= SOON_NANOS, () -> "seen after ns: " + delays + " (expected: 1 s)");
        assertNothingInFlight(site);
    }

    /**
     * Of two backends the one with fewer requests in flight is chosen, of equals either. So requests that come one after the other reach both
     * only if both have the same number in flight, and after an odd number of clients that is none.
     */
    private static void assertNothingInFlight(Site site) {
        site.forget();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        int[] seen = new int[2];
        while (seen[0] == 0 || seen[1] == 0) {
            try (RawClient client = connect(site)) {
                assertEquals(200, client.exchangeGet("/").status());
            }
            for (int i = 0; i < 2; i++) {
                seen[i] += site.backend(i).taken().size();
            }
            assertTrue(System.nanoTime() < deadline, () -> "requests of each backend: " + Arrays.toString(seen));
        }
    }

    private static void serve(
            BackendRequest request, During during, CompletableFuture<Void> begun, CompletableFuture<Long> end)
            throws Exception {
        try {
            switch (during) {
                case WORK -> {
                    request.readBody();
                    begun.complete(null);
                    request.connection().awaitEnd();
                }
                case UPLOAD -> {
                    request.connection().reader().exactly(100_000);
                    begun.complete(null);
                    request.readBody();
                }
                case DOWNLOAD -> pour(request, begun);
                case EVENTS -> tick(request, begun);
            }
        } finally {
            end.complete(System.nanoTime());
        }
    }

    private static void pour(BackendRequest request, CompletableFuture<Void> begun) throws IOException {
        String piece = "x".repeat(64 * 1024);
        request.readBody();
        request.connection().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (true) {
            request.connection().chunk(piece);
            begun.complete(null);
        }
    }

    private static void tick(BackendRequest request, CompletableFuture<Void> begun)
            throws IOException, InterruptedException {
        request.readBody();
        request.connection().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (true) {
            request.connection().chunk("data: tick\n\n");
            begun.complete(null);
            Thread.sleep(100); // the pace of this backend
        }
    }

    private static RawClient connect(Site site) {
        return site == tls
                ? RawClient.overTls(site.port(), TestCertificates.shared().clientContext())
                : site.client();
    }

    private static <T> T await(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(RawClient.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
