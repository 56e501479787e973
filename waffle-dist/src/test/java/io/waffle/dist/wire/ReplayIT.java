// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose body was sent in vain: another backend gets the same bytes, as far as they were kept. */
final class ReplayIT {

    @ParameterizedTest
    @CsvSource({"MEMORY, false", "MEMORY, true", "FILE, false", "FILE, true"})
    @DisplayName("PUTs of 5 MiB, a backend of two breaks off in the midst of each: the other gets it byte for byte")
    void brokenInTheMidst(Uploads.Place place, boolean chunked, @TempDir Path folder) throws IOException {
        try (Site site = place.open(folder)) {
            site.backend(0).on(request -> {
                request.connection().reader().exactly(Uploads.SIZE / 2, (bytes, offset, length) -> {});
                request.connection().reset();
            });
            assertAllArriveAtTheSecond(site, "PUT", chunked);
            assertEquals(List.of(), Uploads.listing(folder));
        }
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, false", "FILE, true"})
    @DisplayName("PUTs of 5 MiB, a backend of two breaks off when it has them whole: the other gets them, too")
    void brokenAtTheEnd(Uploads.Place place, boolean chunked, @TempDir Path folder) throws IOException {
        try (Site site = place.open(folder)) {
            site.backend(0).on(request -> {
                Uploads.receive(request);
                request.connection().reset();
            });
            assertAllArriveAtTheSecond(site, "PUT", chunked);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "PUTs of 5 MiB answered with a chosen status, before their end or behind it: another backend gets them")
    void chosenStatus(boolean early, @TempDir Path folder) throws IOException {
        try (Site site = Uploads.Place.FILE.open(folder, "-retry-statuses", "503")) {
            site.backend(0).on(request -> {
                if (!early) {
                    Uploads.receive(request);
                }
                request.connection().answer(503, "busy");
                request.connection().reader().toEnd((bytes, offset, length) -> {});
            });
            assertAllArriveAtTheSecond(site, "PUT", false);
        }
    }

    @Test
    @DisplayName("POSTs of 5 MiB whose backend dies with them are not repeated, unless that is allowed")
    void nonIdempotent(@TempDir Path folder) throws IOException {
        try (Site site = Uploads.Place.FILE.open(folder)) {
            site.backend(0).on(request -> {
                Uploads.receive(request);
                request.connection().reset();
            });
            site.backend(1).on(Uploads::confirm);
            int failed = 0;
            for (int i = 0; i < 6; i++) {
                failed += Uploads.exchange(site, "POST", false).status() == 502 ? 1 : 0;
            }
            assertEquals(3, failed);
            assertEquals(3, site.backend(0).taken().size());
            assertEquals(3, site.backend(1).taken().size());
        }
        try (Site site = Uploads.Place.FILE.open(folder, "-retry-non-idempotent")) {
            site.backend(0).on(request -> {
                Uploads.receive(request);
                request.connection().reset();
            });
            assertAllArriveAtTheSecond(site, "POST", true);
        }
    }

    @Test
    @DisplayName("a reused connection that turns out to be closed costs a PUT of 5 MiB nothing")
    void staleConnection(@TempDir Path folder) throws IOException {
        try (Site site = Uploads.Place.FILE.open(folder, "-retry-attempts", "1");
                RawClient client = site.client()) {
            site.backends().forEach(backend -> backend.on(ScriptedBackend.OK));
            assertEquals(200, client.exchangeGet("/").status());
            assertEquals(200, client.exchangeGet("/").status());
            for (ScriptedBackend backend : site.backends()) {
                int idle = backend.next().connection().id();
                backend.on(request -> {
                    if (request.connection().id() == idle) {
                        request.connection().reader().exactly(Uploads.SIZE / 2, (bytes, offset, length) -> {});
                        request.connection().reset();
                    } else {
                        Uploads.confirm(request);
                    }
                });
            }
            Uploads.send(client, "PUT", false);
            assertEquals(Long.toString(Uploads.SIZE), client.read().text());
        }
    }

    @Test
    @DisplayName("three backends of four break off, each a little later: the last one gets all of it")
    void again(@TempDir Path folder) throws IOException {
        try (Site site = Site.open(
                4,
                "-disable-ejection",
                "-retry-body",
                "8MiB",
                "-retry-attempts",
                "4",
                "-retry-body-folder",
                folder.toString())) {
            for (int i = 0; i < 3; i++) {
                long some = Uploads.SIZE * (i + 1) / 4;
                site.backend(i).on(request -> {
                    request.connection().reader().exactly(some, (bytes, offset, length) -> {});
                    request.connection().reset();
                });
            }
            site.backend(3).on(Uploads::confirm);
            for (int i = 0; i < 8; i++) {
                assertEquals(
                        Long.toString(Uploads.SIZE),
                        Uploads.exchange(site, "PUT", false).text());
            }
            assertEquals(8, site.backend(3).taken().size());
        }
    }

    @Test
    @DisplayName("up to 64 KiB are kept without being asked, and beyond nothing: a 502")
    void bound() throws IOException {
        try (Site site = Site.open(2, "-disable-ejection")) {
            site.backend(0).on(request -> {
                request.connection().reader().exactly(request.length(), new Content.Check());
                request.connection().reset();
            });
            site.backend(1).on(Uploads::confirm);
            for (int i = 0; i < 4; i++) {
                assertEquals(
                        Long.toString(60_000), Uploads.exchange(site, 60_000).text());
            }
            int failed = 0;
            for (int i = 0; i < 4; i++) {
                Response response = Uploads.exchange(site, 100_000);
                failed += response.status() == 502 ? 1 : 0;
                assertTrue(response.status() == 502 || response.text().equals("100000"), response::text);
            }
            assertEquals(2, failed);
        }
    }

    @Test
    @DisplayName("what a client has sent behind a body that is replayed is served next")
    void pipelined(@TempDir Path folder) throws IOException {
        try (Site site = Uploads.Place.FILE.open(folder);
                RawClient client = site.client()) {
            site.backend(0).on(request -> {
                Uploads.receive(request);
                request.connection().reset();
            });
            site.backend(1).on(Uploads::confirm);
            for (int i = 0; i < 4; i++) {
                Uploads.send(client, "PUT", true);
            }
            for (int i = 0; i < 4; i++) {
                assertEquals(Long.toString(Uploads.SIZE), client.read().text());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("over TLS on both sides as well, in chunks and with a length")
    void tls(boolean chunked, @TempDir Path folder) throws IOException {
        TestCertificates certificates = TestCertificates.shared();
        String certificate = certificates.rsa().write(folder, "server").toString();
        String key = folder.resolve("server.key").toString();
        String root = TestCertificates.write(folder, "root.pem", certificates.rootPem())
                .toString();
        List<ScriptedBackend> backends = Stream.generate(
                        () -> ScriptedBackend.startTls(TestCertificates.serverContext(certificates.ec())))
                .limit(2)
                .toList();
        String[] flags = {
            "-disable-ejection",
            "-retry-body",
            "16MiB",
            "-retry-body-memory",
            "1MiB",
            "-tls-cert",
            certificate,
            "-tls-key",
            key,
            "-backend-tls-ca-file",
            root
        };
        try (Site site = Site.over(backends, Map.of(), flags);
                RawClient client = RawClient.overTls(site.port(), certificates.clientContext())) {
            site.backend(0).on(request -> {
                request.connection().reader().exactly(Uploads.SIZE / 2, (bytes, offset, length) -> {});
                request.connection().reset();
            });
            site.backend(1).on(Uploads::confirm);
            for (int i = 0; i < 4; i++) {
                Uploads.send(client, "PUT", chunked);
                assertEquals(Long.toString(Uploads.SIZE), client.read().text());
            }
        }
    }

    /** Bodies that fill a buffer to the brim, or nearly: there must be room to see whether the client is still there. */
    @ParameterizedTest
    @ValueSource(ints = {64_511, 64_512, 64_513, 65_536, 129_024, 131_072})
    @DisplayName("a client that leaves is noticed whatever the length of its body")
    void leaves(int length) throws IOException {
        try (Site site = Site.open(1, "-retry-body", "1MiB", "-timeout-first-byte", "1h")) {
            CompletableFuture<RawClient.End> end = new CompletableFuture<>();
            site.backend().on(request -> {
                request.connection().reader().exactly(request.length(), new Content.Check());
                end.complete(request.connection().awaitEnd());
            });
            try (RawClient client = site.client()) {
                client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: " + length + "\r\n\r\n");
                site.backend().next(); // the head is on its way: nothing of the body comes with it
                Content.send(length, client.socket().getOutputStream());
            }
            Wait.result(end);
        }
    }

    /** Ten requests; the first backend is to fail half of them, or more. */
    private static void assertAllArriveAtTheSecond(Site site, String method, boolean chunked) throws IOException {
        site.backend(1).on(Uploads::confirm);
        for (int i = 0; i < 10; i++) {
            Response response = Uploads.exchange(site, method, chunked);
            assertEquals(200, response.status(), response::text);
            assertEquals(Long.toString(Uploads.SIZE), response.text());
        }
        assertTrue(site.backend(0).taken().size() >= 5);
        assertEquals(10, site.backend(1).taken().size(), "each came once");
        site.assertNoFaults();
    }
}
