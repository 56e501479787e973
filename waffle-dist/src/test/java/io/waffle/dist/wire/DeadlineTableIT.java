// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks the table of docs/deadlines.md: in each state it ends as the table says, and not before its time, whatever else goes on. */
final class DeadlineTableIT {

    private static final Pattern ROW = Pattern.compile("\\| (D\\d+) \\|.*");
    private static final String GET = RawClient.GET;
    private static final String POST = "POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 1000000000\r\n";
    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: waffle.test\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n";
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n";

    /** The number of a row, and what is done for it. */
    private static final Map<String, Walk> WALKS = Map.ofEntries(
            Map.entry("D1", new Walk(1, DeadlineTableIT::noHandshake)),
            Map.entry("D2", new Walk(1, DeadlineTableIT::noRequest)),
            Map.entry("D3", new Walk(1, DeadlineTableIT::halfAHead)),
            Map.entry("D4", new Walk(5, DeadlineTableIT::slowHead)),
            Map.entry("D5", new Walk(1, DeadlineTableIT::stalledUpload)),
            Map.entry("D6", new Walk(1, DeadlineTableIT::uploadNotTaken)),
            Map.entry("D7", new Walk(1, DeadlineTableIT::noPlace)),
            Map.entry("D8", new Walk(1, DeadlineTableIT::noConnection)),
            Map.entry("D9", new Walk(1, DeadlineTableIT::onlyInterimResponses)),
            Map.entry("D10", new Walk(1, DeadlineTableIT::notAskedForItsBody)),
            Map.entry("D11", new Walk(2, DeadlineTableIT::requestAsAWhole)),
            Map.entry("D12", new Walk(1, DeadlineTableIT::stalledResponse)),
            Map.entry("D13", new Walk(1, DeadlineTableIT::responseNotTaken)),
            Map.entry("D14", new Walk(1, DeadlineTableIT::silentTunnel)),
            Map.entry("D15", new Walk(1, DeadlineTableIT::halfATunnel)),
            Map.entry("D16", new Walk(1, DeadlineTableIT::idleBackendConnection)),
            Map.entry("D17", new Walk(1, DeadlineTableIT::noIntroduction)),
            Map.entry("D18", new Walk(2, DeadlineTableIT::silentTry)),
            Map.entry("D19", new Walk(1, DeadlineTableIT::endlessResponse)));

    private static Site all;
    private static Site patient;
    private static Site tls;
    private static Site bounded;

    private interface Steps {
        void take() throws IOException, InterruptedException;
    }

    /**
     * @param seconds before which it must not be over
     */
    private record Walk(int seconds, Steps steps) {}

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        all = Site.open(
                1,
                Stream.concat(
                                Stream.of("-proxy-protocol-from", "127.0.0.9"),
                                List.of(
                                                "request-head",
                                                "keep-alive",
                                                "body",
                                                "queue",
                                                "first-byte",
                                                "backend-keep-alive",
                                                "tunnel-fin")
                                        .stream()
                                        .flatMap(name -> Stream.of("-timeout-" + name, "1s")))
                        .toArray(String[]::new));
        patient = Site.open(
                1,
                "-timeout-request",
                "2s",
                "-limit-backend-in-flight",
                "1",
                "-timeout-tunnel",
                "1s",
                "-disable-ejection");
        bounded = Site.open(
                2, "-timeout-attempt", "1s", "-timeout-response", "1s", "-retry-on-timeout", "-disable-ejection");
        Path certificate = TestCertificates.shared().rsa().write(folder, "server");
        tls = Site.open(
                1,
                "-tls-cert",
                certificate.toString(),
                "-tls-key",
                folder.resolve("server.key").toString(),
                "-timeout-tls-handshake",
                "1s");
    }

    @AfterAll
    static void stop() {
        all.close();
        patient.close();
        tls.close();
        bounded.close();
    }

    @BeforeEach
    void forget() {
        all.forget();
        patient.forget();
        bounded.forget();
    }

    static List<String> rows() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("../docs/deadlines.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .toList();
        assertEquals(WALKS.size(), rows.size(), "rows of the table");
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    @DisplayName("each state has its deadline")
    void walk(String row) throws Exception {
        Walk walk = Objects.requireNonNull(WALKS.get(row), row);
        long start = System.nanoTime();
        walk.steps().take();
        long elapsed = System.nanoTime() - start;
        assertTrue(elapsed >= TimeUnit.SECONDS.toNanos(walk.seconds()), () -> "after " + elapsed + " ns");
    }

    private static void noHandshake() throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), tls.port())) {
            client.getOutputStream().write(0x16); // the beginning of a record
            client.setSoTimeout(RawClient.PATIENCE_MILLIS);
            assertThrows(IOException.class, () -> {
                if (client.getInputStream().read() < 0) {
                    throw new IOException("the end");
                }
            });
        }
    }

    private static void noIntroduction() {
        try (RawClient client = RawClient.from("127.0.0.9", all.port())) {
            client.send("PROXY TCP4 ").awaitEnd();
        }
    }

    private static void noRequest() {
        try (RawClient client = all.client()) {
            client.awaitEnd();
        }
    }

    private static void halfAHead() {
        try (RawClient client = all.client()) {
            assertEquals(
                    408,
                    client.send("GET / HTTP/1.1\r\nHost: waffle.test\r\n")
                            .read()
                            .status());
        }
    }

    private static void slowHead() throws InterruptedException {
        try (RawClient client = patient.client()) {
            client.send("GET / HTTP/1.1\r\nHost: waffle.test\r\nX-Slow: ");
            for (int i = 0; i < 10; i++) {
                client.send("x");
                TimeUnit.MILLISECONDS.sleep(450); // the pace of this client
            }
            assertEquals(408, client.read().status());
        }
    }

    /** The response trickles meanwhile. */
    private static void stalledUpload() {
        all.backend().on(DeadlineTableIT::trickle);
        try (RawClient client = all.client()) {
            client.send(POST + "\r\nx");
            assertBrokenOff(client);
        }
    }

    private static void trickle(BackendRequest request) throws IOException, InterruptedException {
        request.connection().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (true) {
            request.connection().chunk("x");
            TimeUnit.MILLISECONDS.sleep(100); // the pace of this backend
        }
    }

    private static void uploadNotTaken() {
        all.backend().on(request -> TimeUnit.SECONDS.sleep(5)); // takes nothing
        try (RawClient client = all.client()) {
            client.send(POST + "\r\n");
            byte[] much = new byte[1 << 20];
            try {
                while (true) {
                    client.send(much);
                }
            } catch (UncheckedIOException e) {
                // it is told why, and takes no more
            }
        }
    }

    private static void noPlace() {
        patient.backend().on(DeadlineTableIT::trickle);
        try (RawClient first = patient.client();
                RawClient second = patient.client()) {
            assertEquals(200, first.send(GET).readHead().status());
            assertEquals(503, second.send(GET).read().status());
        }
    }

    private static void noConnection() throws IOException {
        try (SilentServer silent = new SilentServer();
                Site site = Site.of(
                        WaffleProcess.start(Map.of(), "-backends", silent.url(), "-timeout-connect", "1s"),
                        List.of())) {
            assertEquals(504, site.get("/").status());
        }
    }

    private static void onlyInterimResponses() {
        all.backend().on(request -> {
            while (true) {
                request.connection().write("HTTP/1.1 102 Processing\r\n\r\n");
                TimeUnit.MILLISECONDS.sleep(100); // the pace of this backend
            }
        });
        try (RawClient client = all.client()) {
            client.send(GET);
            int status = client.readHead().status();
            while (status == 102) {
                status = client.readHead().status();
            }
            assertEquals(504, status);
        }
    }

    private static void notAskedForItsBody() {
        all.backend().on(request -> request.connection().awaitEnd());
        try (RawClient client = all.client()) {
            assertEquals(
                    504,
                    client.send(POST + "Expect: 100-continue\r\n\r\n").read().status());
        }
    }

    private static void requestAsAWhole() {
        patient.backend().on(request -> request.connection().awaitEnd());
        assertEquals(504, patient.get("/").status());
    }

    /** The request trickles meanwhile, and is listened to when the response has ended. */
    private static void stalledResponse() throws InterruptedException {
        all.backend().on(request -> {
            request.connection().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            request.connection().chunk("x");
            request.connection().reader().exactly(1_000_000);
        });
        Thread trickle;
        try (RawClient client = all.client()) {
            client.send(POST + "\r\n");
            trickle = Thread.startVirtualThread(() -> trickle(client));
            assertEquals(200, client.readHead().status());
            assertThrows(Truncated.class, () -> client.reader().chunked((bytes, offset, length) -> {}));
        }
        trickle.join();
    }

    private static void trickle(RawClient client) {
        try {
            while (true) {
                client.send("x");
                TimeUnit.MILLISECONDS.sleep(100); // the pace of this client
            }
        } catch (UncheckedIOException e) {
            // it is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The client sends the beginning of its next request meanwhile. */
    private static void responseNotTaken() {
        all.backend().on(request -> {
            request.readBody();
            request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            Content.send(1_000_000_000, request.connection().socket().getOutputStream());
        });
        try (RawClient client = RawClient.withReceiveBuffer(4096, all.port())) {
            client.send(GET);
            BackendConnection at = all.backend().next().connection();
            client.send("G");
            assertTrue(Eventually.holds(at::isClosed), "the backend is let go");
        }
    }

    private static void silentTunnel() {
        patient.backend().on(request -> request.connection().write(SWITCH).awaitEnd());
        try (RawClient client = patient.client().send(UPGRADE)) {
            assertEquals(101, client.readHead().status());
            client.awaitEnd();
        }
    }

    private static void halfATunnel() {
        all.backend().on(request -> {
            request.connection().write(SWITCH).awaitEnd();
            TimeUnit.SECONDS.sleep(10); // says nothing, and does not end
        });
        try (RawClient client = all.client().send(UPGRADE)) {
            assertEquals(101, client.readHead().status());
            client.finish().awaitEnd();
        }
    }

    private static void idleBackendConnection() {
        all.get("/");
        BackendConnection idle = all.backend().next().connection();
        assertTrue(Eventually.holds(idle::isClosed), "it is open");
    }

    /** The client takes longer to send its body, which does not count. */
    private static void silentTry() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        for (ScriptedBackend backend : bounded.backends()) {
            backend.on(request -> {
                request.readBody();
                if (asked.getAndIncrement() == 0) {
                    request.connection().awaitEnd();
                } else {
                    request.connection().answer(200, "second");
                }
            });
        }
        try (RawClient client = bounded.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 4\r\n\r\nbo");
            TimeUnit.MILLISECONDS.sleep(1_500); // the pace of this client
            assertEquals("second", client.send("dy").read().text());
            assertEquals(2, asked.get());
        }
    }

    private static void endlessResponse() {
        bounded.backends().forEach(backend -> backend.on(DeadlineTableIT::trickle));
        try (RawClient client = bounded.client()) {
            client.send(GET);
            assertBrokenOff(client);
        }
    }

    private static void assertBrokenOff(RawClient client) {
        assertEquals(200, client.readHead().status());
        assertThrows(IOException.class, () -> client.reader().exactly(1_000_000));
    }
}
