// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What rests for more than a second gives up its thread, if it is between two requests or in a head, and else its buffers (docs/architecture.md).
 * Nobody may notice.
 */
final class RestingIT {

    private static final String HOST = "Host: waffle.test\r\n";
    private static final int KEPT = 20_000;

    private final Path folder;

    RestingIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @MostlyWaits
    @DisplayName("a head that comes in pieces, with rests between them, is one head, without TLS and with it")
    void headInPieces() throws Exception {
        each(this::headInPieces);
    }

    private void headInPieces(String scheme) throws Exception {
        try (Site site = open(scheme);
                RawClient pieces = client(site, scheme);
                RawClient behind = client(site, scheme);
                RawClient idle = client(site, scheme)) {
            site.backend().on(request -> request.connection()
                    .answer(200, request.head().raw()));
            pieces.send("GET /pieces HTTP/1.1\r\nHo");
            behind.send("GET /first HTTP/1.1\r\n" + HOST + "\r\nGET /sec");
            assertTrue(behind.read().text().startsWith("GET /first HTTP/1.1\r\n"));
            assertEquals(200, idle.exchangeGet("/idle").status());
            rest();
            pieces.send("st: waffle.test\r\nX-Rest");
            behind.send("ond HTTP/1.1\r\n" + HOST);
            assertEquals(200, idle.exchangeGet("/idle").status());
            rest();
            pieces.send(": well\r\n\r\n");
            behind.send("\r\n");
            String head = pieces.read().text();
            assertTrue(head.startsWith("GET /pieces HTTP/1.1\r\n") && head.contains("X-Rest: well\r\n"), head);
            assertTrue(behind.read().text().startsWith("GET /second HTTP/1.1\r\n"));
            assertEquals(200, idle.exchangeGet("/idle").status());
            site.assertNoFaults();
        }
    }

    @Test
    @MostlyWaits
    @DisplayName(
            "part of a head that rests until its time is over gets a 408 and a line in the log, without TLS and with it")
    void deadline() throws Exception {
        each(this::deadline);
    }

    private void deadline(String scheme) throws Exception {
        try (Site site = open(scheme, "-timeout-request-head", "2s");
                RawClient slow = client(site, scheme)) {
            slow.send("GET /slow HTTP/1.1\r\nHo");
            Response response = slow.read();
            assertEquals(408, response.status());
            assertTrue(response.announcesClose());
            slow.awaitEnd();
            assertEquals("<408 client_too_slow /slow>", line(site));
        }
    }

    @Test
    @MostlyWaits
    @DisplayName(
            "part of a head that rests is told of when a stop closes it, or its client leaves, without TLS and with it")
    void stop() throws Exception {
        each(this::stop);
    }

    private void stop(String scheme) throws Exception {
        try (Site site = open(scheme, "-timeout-drain", "1s");
                RawClient leaving = client(site, scheme);
                RawClient stopped = client(site, scheme)) {
            stopped.send("GET /stopped HTTP/1.1\r\nHo");
            leaving.send("GET /leaving HTTP/1.1\r\nHo");
            rest();
            leaving.reset();
            assertTrue(line(site).endsWith(" client_gone /leaving>"));
            String output = site.waffle().signal("TERM").awaitEnd().output();
            assertTrue(output.contains(" stopped /stopped>"), output);
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("a request that has rested is repeated as it was")
    void aRequestThatRestsIsRepeatedAsItWas() throws Exception {
        try (Site site = Site.open(2, "-disable-ejection");
                RawClient upload = site.client();
                RawClient poll = site.client()) {
            ScriptedBackend.Handler fails = request -> {
                request.readBody();
                rest();
                site.backends().forEach(backend -> backend.on(RestingIT::echoLength));
                request.connection().reset();
            };
            site.backends().forEach(backend -> backend.on(fails));
            byte[] body = new byte[KEPT];
            upload.send("PUT /kept HTTP/1.1\r\n" + HOST + "Content-Length: " + KEPT + "\r\n\r\n")
                    .send(body, 0, 2_000);
            rest();
            upload.send(body, 2_000, KEPT - 2_000);
            assertEquals("/kept " + KEPT, upload.read("PUT").text());
            site.backends().forEach(backend -> backend.on(fails));
            assertEquals("/poll 0", poll.exchangeGet("/poll").text());
        }
    }

    private static void echoLength(BackendRequest request) throws IOException {
        String text = request.readBody().text();
        request.connection().answer(200, request.head().target() + " " + text.length());
    }

    @Test
    @MostlyWaits
    @DisplayName("what a client sends ahead of the end of a stream that rests is its next request")
    void whatIsSentAheadOfARestingStreamIsTheNextRequest() throws Exception {
        String padding = "X-Padding: " + "x".repeat(2_000) + "\r\n";
        try (Site site = Site.open(1);
                RawClient client = site.client()) {
            site.backend().on(request -> {
                BackendConnection connection = request.connection();
                connection
                        .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .chunk("one");
                rest();
                connection.chunk("two");
                rest();
                connection.chunk("three").write("0\r\n\r\n");
                site.backend().on(RestingIT::echoLength);
            });
            client.send("GET /events HTTP/1.1\r\n" + HOST + "\r\n");
            assertEquals(200, client.readHead().status());
            rest();
            client.send("GET /next HTTP/1.1\r\n" + HOST + padding + "\r\n");
            assertEquals(
                    "onetwothree", client.reader().body(Body.Framing.CHUNKED, 0).text());
            assertEquals("/next 0", client.read().text());
        }
    }

    /** Both at once, since most of it is waiting. */
    private static void each(Check check) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> checks = new ArrayList<>();
            for (String scheme : List.of("http", "https")) {
                checks.add(threads.submit(() -> {
                    check.with(scheme);
                    return null;
                }));
            }
            for (Future<?> future : checks) {
                future.get();
            }
        }
    }

    private interface Check {
        void with(String scheme) throws Exception;
    }

    private Site open(String scheme, String... more) throws Exception {
        String[] flags = Options.with(
                new String[] {"-access-log", "-", "-access-log-format", "<{status} {fault} {target}>"}, more);
        if (scheme.equals("http")) {
            return Site.open(1, flags);
        }
        Path certificate = TestCertificates.shared().ec().write(folder, "server");
        String key = folder.resolve("server.key").toString();
        return Site.open(1, Options.with(flags, "-tls-cert", certificate.toString(), "-tls-key", key));
    }

    private static RawClient client(Site site, String scheme) {
        return scheme.equals("http")
                ? site.client()
                : RawClient.overTls(site.port(), TestCertificates.shared().clientContext());
    }

    /** The first line of the access log. */
    private static String line(Site site) {
        return site.waffle().awaitOutput(Pattern.compile("<.*>")).group();
    }

    private static void rest() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1_200); // the pace of these clients and backends: a second is a rest
    }
}
