// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends at sockets of this host. */
final class UnixBackendIT {

    private static final String LARGE = "x".repeat(3 << 20);

    private final Path socket;

    UnixBackendIT(@TempDir Path folder) {
        this.socket = folder.resolve("app.sock");
    }

    /** Answers each request with 200, at {@code /large} with three MiB; one for {@code /broken} breaks off in its body. */
    private static final class Backend implements AutoCloseable {

        private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final BlockingQueue<Head> heads = new LinkedBlockingQueue<>();
        private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();
        private final Path path;

        Backend(Path path) throws IOException {
            this.path = path;
            server.bind(UnixDomainSocketAddress.of(path));
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            while (server.isOpen()) {
                try {
                    SocketChannel channel = server.accept();
                    accepted.add(channel);
                    Thread.ofVirtual().start(() -> serve(channel));
                } catch (IOException e) {
                    return; // closed
                }
            }
        }

        private void serve(SocketChannel channel) {
            try (channel) {
                WireReader reader = new WireReader(Channels.newInputStream(channel));
                OutputStream out = Channels.newOutputStream(channel);
                while (reader.hasMore()) {
                    Head head = reader.head();
                    heads.add(head);
                    if (head.value("Content-Length").isPresent()) {
                        reader.exactly(
                                Integer.parseInt(head.value("Content-Length").get()));
                    }
                    String body = head.target().equals("/large") ? LARGE : "ok";
                    int length = head.target().equals("/broken") ? 10 : body.length();
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
                    if (length != body.length()) {
                        return;
                    }
                }
            } catch (IOException e) {
                // that connection has ended
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (SocketChannel channel : accepted) {
                channel.close();
            }
            Files.deleteIfExists(path);
        }
    }

    @Test
    @DisplayName("C15 a backend at a socket is sent requests as others are, and keeps its connection")
    void requests() throws IOException {
        try (Backend backend = new Backend(socket);
                WaffleProcess waffle = WaffleProcess.start(
                        "-backends",
                        "unix:" + socket,
                        "-preserve-host=false",
                        "-access-log",
                        "-",
                        "-access-log-format",
                        "<{backend}>");
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals("ok", client.exchangeGet("/").text());
            Head seen = Wait.next(backend.heads);
            assertEquals(List.of("localhost"), seen.values("Host"));
            assertEquals(List.of("127.0.0.1"), seen.values("X-Forwarded-For"));
            assertEquals(200, client.exchangeGet("/").status());
            assertEquals(1, backend.accepted.size());
            String upload = "y".repeat(1 << 20);
            Response uploaded = client.exchange(
                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + upload.length() + "\r\n\r\n" + upload);
            assertEquals(200, uploaded.status());
            assertEquals(LARGE, client.exchangeGet("/large").text());
            waffle.awaitOutput(Pattern.compile(Pattern.quote("<unix:" + socket + ">")));
        }
    }

    @Test
    @DisplayName("C15 its prefix goes before paths, and active checks go there")
    void prefixAndChecks() throws IOException {
        try (Backend backend = new Backend(socket);
                WaffleProcess waffle = WaffleProcess.start(
                        "-backends", "unix:" + socket + ":/base/", "-health-check-path", "/healthz")) {
            assertEquals("/base/healthz", Wait.next(backend.heads).target());
            try (RawClient client = RawClient.to(waffle.port())) {
                assertEquals(200, client.exchangeGet("/a").status());
            }
            assertEquals("/base/a", Wait.next(backend.heads).target());
        }
    }

    @Test
    @DisplayName("C15 requests at once take connections of their own, and a new socket of the same name is found")
    void connections() throws IOException {
        try (WaffleProcess waffle = WaffleProcess.start("-backends", "unix:" + socket, "-disable-ejection");
                RawClient first = RawClient.to(waffle.port());
                RawClient second = RawClient.to(waffle.port())) {
            try (Backend backend = new Backend(socket)) {
                first.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na");
                Wait.next(backend.heads);
                assertEquals("ok", second.exchangeGet("/").text());
                assertEquals("ok", first.send("b").read("POST").text());
                assertEquals(2, backend.accepted.size());
                assertEquals("ok", second.exchangeGet("/").text());
                assertEquals("ok", first.exchangeGet("/").text());
                assertEquals(2, backend.accepted.size(), "both are used again");
            }
            try (Backend anew = new Backend(socket)) {
                assertEquals("ok", first.exchangeGet("/").text());
                assertEquals("ok", second.exchangeGet("/").text());
                assertTrue(anew.accepted.size() >= 1);
            }
        }
    }

    @Test
    @DisplayName("C15 one that is away is tried anew, another takes its place, and what breaks off is broken off")
    void away() throws IOException {
        try (ScriptedBackend other = ScriptedBackend.start();
                WaffleProcess waffle =
                        WaffleProcess.start("-backends", "unix:" + socket + "," + other.url(), "-disable-ejection")) {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = RawClient.to(waffle.port())) {
                    assertEquals(200, client.exchangeGet("/").status());
                }
            }
        }
        try (WaffleProcess waffle = WaffleProcess.start("-backends", "unix:" + socket, "-disable-ejection")) {
            try (RawClient client = RawClient.to(waffle.port())) {
                assertEquals(502, client.exchangeGet("/").status());
            }
            try (Backend backend = new Backend(socket);
                    RawClient client = RawClient.to(waffle.port())) {
                assertEquals(200, client.exchangeGet("/").status());
                client.send("GET /broken HTTP/1.1\r\nHost: h\r\n\r\n");
                assertEquals(200, client.readHead().status());
                assertEquals("ok", client.readText(2));
                client.awaitEnd();
                assertTrue(backend.heads.size() >= 2);
            }
        }
    }
}
