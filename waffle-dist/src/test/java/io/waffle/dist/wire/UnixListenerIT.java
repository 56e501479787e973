// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients at Unix domain sockets, who have no address. */
final class UnixListenerIT {

    private static final String SAID = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";

    private static Path folder;
    private static ScriptedBackend backend;
    private static ConfiguredWaffle waffle;

    @BeforeAll
    static void open(@TempDir Path temporary) throws IOException {
        folder = temporary;
        backend = ScriptedBackend.start();
        TestCertificates.shared().rsa().write(folder, "server");
        waffle = ConfiguredWaffle.start(folder, yaml("""
                  plain: {address: "unix:DIR/plain"}
                  open: {address: "unix:DIR/open", mode: 0666}
                  openssl: {address: "unix:DIR/openssl", tls: {provider: openssl, cert_file: DIR/server.pem, key_file: DIR/server.key}}
                  jsse: {address: "unix:DIR/jsse", tls: {provider: jsse, cert_file: DIR/server.pem, key_file: DIR/server.key}}
                  introduced: {address: "unix:DIR/introduced", proxy_protocol: {from: [unix]}}
                  trusting: {address: "unix:DIR/trusting", forwarding: {trusted_proxies: [unix, 203.0.113.0/24]}}
                  moved: {address: "unix:DIR/moved", redirect: https}
                  listed: {address: "unix:DIR/listed", access: {allow: [127.0.0.0/8, "::/1"]}}
                  denied: {address: "unix:DIR/denied", access: {deny: [unix]}}
                """));
    }

    private static String yaml(String listeners) {
        return """
                access_log: {file: "-", format: "<{client} {target} {status}>"}
                forwarding: {forwarded: true}
                limits: {rate: 1/h, client_in_flight: 1, client_connections: 1}
                listeners:
                LISTENERSbackends: [%s]
                """.formatted(backend.url()).replace("LISTENERS", listeners).replace("DIR", folder.toString());
    }

    @AfterAll
    static void close() {
        waffle.close();
        backend.close();
    }

    private static LocalSocket at(String name) {
        return new LocalSocket(folder.resolve(name));
    }

    private static Response at(String name, String request) {
        try (LocalSocket socket = at(name);
                RawClient client = socket.client()) {
            return client.exchange(request);
        }
    }

    private static String get(String path, String fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: waffle.test\r\n" + fields + "\r\n";
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    @DisplayName(
            "a connection carries request after request, large ones too; the log says unix: for its address, and where is said at start")
    void served() {
        String upload = "y".repeat(3 << 20);
        String download = "x".repeat(3 << 20);
        try (LocalSocket socket = at("plain");
                RawClient client = socket.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.exchangeGet("/again").status());
            }
            backend.answer("HTTP/1.1 200 OK\r\nContent-Length: " + download.length() + "\r\n\r\n" + download);
            Response large = client.exchange("POST /large HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: "
                    + upload.length() + "\r\n\r\n" + upload);
            assertEquals(download, large.text());
        } finally {
            backend.forget();
        }
        waffle.process().awaitOutput(Pattern.compile("<unix: /large 200>"));
        waffle.process()
                .awaitOutput(
                        Pattern.compile("listening on " + Pattern.quote("unix:" + folder + "/plain") + " \\(plain"));
    }

    @Test
    @DisplayName("many at once are accepted by several loops, and nobody is counted as one client with the others")
    void many() throws Exception {
        CountDownLatch done = new CountDownLatch(60);
        AtomicInteger served = new AtomicInteger();
        try (LocalSocket socket = at("plain")) {
            for (int i = 0; i < 60; i++) {
                Thread.ofVirtual().start(() -> {
                    try (RawClient client = socket.client()) {
                        for (int n = 0; n < 5; n++) {
                            served.addAndGet(client.exchangeGet("/").status() == 200 ? 1 : 0);
                        }
                    } finally {
                        done.countDown();
                    }
                });
            }
            Wait.until(done);
        }
        assertEquals(300, served.get());
        backend.forget();
    }

    @Test
    @DisplayName("B21 a backend is told of no address, and for=unknown; what the client says of itself goes no further")
    void stranger() {
        backend.forget();
        assertEquals(200, at("plain", get("/stranger", SAID)).status());
        Head seen = backend.next().head();
        assertEquals(List.of(), seen.values("X-Forwarded-For"));
        assertEquals(List.of("http"), seen.values("X-Forwarded-Proto"));
        assertEquals(List.of("80"), seen.values("X-Forwarded-Port"));
        assertEquals(List.of("for=unknown;host=\"waffle.test\";proto=http"), seen.values("Forwarded"));
        assertEquals(200, at("plain", "GET / HTTP/1.0\r\n\r\n").status());
        assertEquals(List.of("80"), backend.next().head().values("X-Forwarded-Port"));
    }

    @Test
    @DisplayName(
            "B21 with trusted_proxies: unix what is said is believed, passed on, and counted by; a :: in it is nobody")
    void trusted() {
        backend.forget();
        assertEquals(
                200,
                at("trusting", get("/trusted", SAID + "Forwarded: for=203.0.113.9\r\n"))
                        .status());
        Head seen = backend.next().head();
        assertEquals(List.of("203.0.113.9"), seen.values("X-Forwarded-For"));
        assertEquals(List.of("https"), seen.values("X-Forwarded-Proto"));
        assertEquals(List.of("for=203.0.113.9, for=unknown;host=\"waffle.test\";proto=http"), seen.values("Forwarded"));
        waffle.process().awaitOutput(Pattern.compile("<203\\.0\\.113\\.9 /trusted 200>"));
        assertEquals(429, at("trusting", get("/trusted", SAID)).status());
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    200,
                    at("trusting", get("/nobody", "X-Forwarded-For: 198.51.100.1, ::, 203.0.113.9\r\n"))
                            .status());
            assertEquals(200, at("trusting", get("/none", "")).status());
        }
        waffle.process().awaitOutput(Pattern.compile("<unix: /nobody 200>"));
        backend.forget();
    }

    @Test
    @DisplayName("TLS is spoken there by OpenSSL and by Java")
    void tls() {
        for (String name : List.of("openssl", "jsse")) {
            try (LocalSocket socket = at(name);
                    RawClient client = socket.overTls(TestCertificates.shared().clientContext())) {
                assertEquals(200, client.exchangeGet("/").status());
                assertEquals(200, client.exchangeGet("/").status());
            }
            assertEquals(400, at(name, RawClient.GET).status());
        }
        waffle.process().awaitOutput(Pattern.compile("/jsse with TLS \\(jsse"));
        backend.forget();
    }

    @Test
    @DisplayName("with proxy_protocol.from: unix each connection has to say whom it is from")
    void introduced() {
        backend.forget();
        String header = "PROXY TCP4 198.51.100.7 192.0.2.1 5000 443\r\n";
        try (LocalSocket socket = at("introduced")) {
            try (RawClient client = socket.client()) {
                client.send(header + get("/introduced", ""));
                assertEquals(200, client.read().status());
                assertEquals(List.of("198.51.100.7"), backend.next().head().values("X-Forwarded-For"));
            }
            for (String nobody : List.of("PROXY UNKNOWN\r\n", "PROXY TCP6 :: ::1 5000 443\r\n")) {
                try (RawClient client = socket.client()) {
                    client.send(nobody + get("/nobody", ""));
                    assertEquals(200, client.read().status());
                    assertEquals(List.of(), backend.next().head().values("X-Forwarded-For"));
                }
            }
            try (RawClient client = socket.client()) {
                client.send(RawClient.GET);
                client.awaitEnd();
            }
        }
        waffle.process()
                .awaitOutput(Pattern.compile("a connection from unix:, one of proxy_protocol\\.from, was closed"));
    }

    @Test
    @DisplayName("conditions on addresses are not met by who has none, but unix is; redirects go on as elsewhere")
    void conditions() {
        assertEquals(403, at("listed", RawClient.GET).status());
        assertEquals(403, at("denied", RawClient.GET).status());
        Response moved = at("moved", get("/a", ""));
        assertEquals(308, moved.status());
        assertEquals("https://waffle.test/a", moved.value("Location").orElseThrow());
    }

    @Test
    @DisplayName("a client that goes is seen, and a response that breaks off ends at once")
    void gone() {
        backend.forget();
        CountDownLatch seen = new CountDownLatch(1);
        backend.on(request -> {
            request.connection().awaitEnd();
            seen.countDown();
        });
        try (LocalSocket socket = at("plain")) {
            try (RawClient client = socket.client()) {
                client.send(get("/gone", ""));
                backend.next();
            }
            Wait.until(seen);
            backend.answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            try (RawClient client = socket.client()) {
                client.send("GET /half HTTP/1.0\r\n\r\n");
                assertEquals(200, client.readHead().status());
                assertEquals("half", client.readText(4));
                client.awaitEnd();
            }
        }
        backend.forget();
    }

    @Test
    @DisplayName(
            "the file lets its owner connect, or whom the mode says; a reload changes that, adds and removes, and leaves others be")
    void files() throws IOException {
        Path own = Files.createDirectory(folder.resolve("own"));
        try (ConfiguredWaffle other = ConfiguredWaffle.start(own, yaml("""
                  first: {address: "unix:DIR/own/first"}
                  second: {address: "unix:DIR/own//second", mode: "0660"}
                """))) {
            assertEquals("rw-------", mode(own.resolve("first")));
            assertEquals("rw-rw----", mode(own.resolve("second")));
            try (LocalSocket socket = new LocalSocket(own.resolve("first"));
                    RawClient client = socket.client()) {
                assertEquals(200, client.exchangeGet("/").status());
                Files.createFile(own.resolve("file"));
                assertEquals("reload (SIGHUP): nothing was changed", other.reload(yaml("""
                                  first: {address: "unix:DIR/own/first", mode: 0666}
                                  second: {address: "unix:DIR/own/file"}
                                """)));
                assertTrue(
                        other.process()
                                .output()
                                .contains(
                                        "listeners.second.address: cannot listen on unix:" + own
                                                + "/file: a file that is no socket is there (it is left alone: choose another path, or remove it)"),
                        other.process()::output);
                assertEquals("rw-------", mode(own.resolve("first")));
                other.reload(yaml("""
                          first: {address: "unix:DIR/own/first", mode: 0666}
                          third: {address: "unix:DIR/own/third"}
                        """));
                assertEquals("rw-rw-rw-", mode(own.resolve("first")));
                assertTrue(Eventually.holds(() -> Files.notExists(own.resolve("second"))));
                assertEquals(200, at("own/third", RawClient.GET).status());
                assertEquals(200, client.exchangeGet("/").status());
            }
            Files.delete(own.resolve("third"));
            Files.createFile(own.resolve("third"));
            assertEquals(0, other.process().terminate());
            assertFalse(Files.exists(own.resolve("first")));
            assertTrue(Files.exists(own.resolve("third")), "it was somebody else's by then");
            try (Stream<Path> left = Files.list(own)) {
                assertEquals(
                        List.of("file", "third", "waffle.yaml"),
                        left.map(path -> path.getFileName().toString()).sorted().toList());
            }
        }
        backend.forget();
    }

    @Test
    @DisplayName("what a process that was killed has left is replaced; where somebody listens is an error")
    void taken() throws IOException {
        Path path = folder.resolve("again");
        String listen = "unix:" + path;
        try (WaffleProcess first = WaffleProcess.launch(
                WaffleProcess.launcher(), Map.of(), List.of("-listen", listen, "-backends", backend.url()))) {
            first.awaitOutput(Pattern.compile("listening on " + Pattern.quote(listen) + ", balancing"));
            WaffleProcess.Ended second = WaffleProcess.run("-listen", listen, "-backends", backend.url());
            assertEquals(1, second.code());
            assertTrue(
                    second.output()
                            .contains(
                                    "cannot start: listen: cannot listen on " + listen
                                            + ": Address already in use (another process listens there, which ss -lxp shows; or choose another path)"),
                    second::output);
            assertEquals(200, at("again", RawClient.GET).status());
        }
        assertTrue(Files.exists(path), "a process that is killed leaves it");
        try (WaffleProcess third = WaffleProcess.launch(
                WaffleProcess.launcher(),
                Map.of(),
                List.of("-listen", listen, "-backends", backend.url(), "-admin", "127.0.0.1:0"))) {
            third.awaitOutput(Pattern.compile("listening on " + Pattern.quote(listen)));
            assertEquals(200, at("again", RawClient.GET).status());
            assertEquals(0, third.terminate());
        }
        assertFalse(Files.exists(path));
        backend.forget();
    }
}
