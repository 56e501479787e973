// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Responses that break in the middle: the client gets all there was before the break, also if it reads late, and then an end that cannot be taken
 * for a proper one.
 */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"plain", "openssl", "jsse"})
final class BrokenOffIT {

    /** What the buffers of both hosts hold for a client that does not read yet, and more. */
    private static final int MUCH = 3 << 20;

    private static final int RECEIVE_BUFFER = 16 * 1024;
    private static final long LATE_NANOS = 300_000_000;
    private static final String REQUEST = " HTTP/1.1\r\nHost: waffle.test\r\n\r\n";

    private final String front;
    private final Path folder;

    BrokenOffIT(String front, @TempDir Path folder) {
        this.front = front;
        this.folder = folder;
    }

    @Test
    @MostlyWaits
    @DisplayName("J11 a response that breaks off arrives as far as it came, and does not look whole")
    void backendLeaves() throws IOException {
        try (Site site = open()) {
            site.backend().on(request -> {
                String framing = request.head().target().equals("/chunked")
                        ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(MUCH) + "\r\n"
                        : "Content-Length: " + (MUCH + 1) + "\r\n\r\n";
                BackendConnection to = request.connection();
                to.write("HTTP/1.1 200 OK\r\n" + framing);
                Content.send(MUCH, to.socket().getOutputStream());
                to.close();
            });
            try (RawClient client = late(site, "GET /chunked HTTP/1.0\r\n\r\n")) {
                Content.Check check = new Content.Check();
                assertThrows(SocketException.class, () -> client.reader().toEnd(check), "a reset");
                assertEquals(MUCH, check.received());
            }
            try (RawClient client = late(site, "GET /length" + REQUEST)) {
                Content.Check check = new Content.Check();
                assertThrows(Truncated.class, () -> client.reader().exactly(MUCH + 1, check));
                assertEquals(MUCH, check.received());
            }
            try (RawClient client = late(site, "GET /chunked" + REQUEST)) {
                Content.Check check = new Content.Check();
                assertThrows(Truncated.class, () -> client.reader().chunked(check));
                assertEquals(MUCH, check.received());
            }
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("J11 what came together with what breaks it arrives, too, and a client that still sends reads it")
    void malformed() throws IOException {
        try (Site site = open()) {
            CountDownLatch begun = new CountDownLatch(1);
            site.backend().on(request -> {
                BackendConnection to = request.connection();
                to.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .chunk("good");
                Wait.until(begun);
                to.write("4\r\nmore\r\nno chunk\r\n");
                to.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
            });
            try (RawClient client = client(site)) {
                client.send("POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: " + MUCH + "\r\n\r\n");
                assertEquals(200, client.readHead().status());
                begun.countDown();
                Content.send(MUCH, client.socket().getOutputStream());
                StringBuilder read = new StringBuilder();
                assertThrows(Truncated.class, () -> client.reader()
                        .chunked((bytes, offset, length) ->
                                read.append(new String(bytes, offset, length, StandardCharsets.US_ASCII))));
                assertEquals("goodmore", read.toString());
            }
        }
    }

    @Test
    @MostlyWaits
    @DisplayName(
            "J11 what a client does not send of its request breaks the response, which arrives as far as the log says")
    void requestStalls() throws IOException {
        Path log = folder.resolve("log");
        String[] flags = {
            "-timeout-body", "1s", "-access-log", log.toString(), "-access-log-format", "{bytes} {fault} {ended_by}"
        };
        Content.Check check = new Content.Check();
        try (Site site = open(flags)) {
            site.backend().on(request -> {
                BackendConnection to = request.connection();
                to.write("HTTP/1.1 200 OK\r\nContent-Length: " + 4L * MUCH + "\r\n\r\n");
                Content.send(4L * MUCH, to.socket().getOutputStream());
            });
            String half = "POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 8\r\n\r\nhalf";
            try (RawClient client = late(site, half)) {
                LockSupport.parkNanos(4 * LATE_NANOS); // by now it has not sent for long enough, but it reads
                assertThrows(Truncated.class, () -> client.reader().exactly(4L * MUCH, check));
            }
            site.waffle().signal("TERM");
            site.waffle().awaitEnd();
        }
        assertEquals(
                check.received() + " client_too_slow client",
                Files.readString(log).strip());
    }

    @Test
    @MostlyWaits
    @DisplayName(
            "J12 a response that a stop waits no longer for does not look whole, and is the stop's doing in the log")
    void stopped() throws IOException {
        Path log = folder.resolve("log");
        try (Site site = open(
                "-timeout-drain",
                "1s",
                "-access-log",
                log.toString(),
                "-access-log-format",
                "{status} {bytes} {fault} {ended_by} {phase} {tries}")) {
            site.backend().on(request -> {
                request.connection().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf");
                request.connection().awaitEnd();
            });
            try (RawClient client = client(site)) {
                client.send("GET / HTTP/1.0\r\n\r\n");
                assertEquals(200, client.readHead().status());
                assertEquals("half", client.readText(4));
                site.waffle().signal("TERM");
                assertEquals(RawClient.End.RESET, client.awaitEnd());
            }
            WaffleProcess.Ended ended = site.waffle().awaitEnd();
            assertEquals(0, ended.code(), ended.output());
            String line = Files.readString(log);
            assertTrue(line.startsWith("200 4 stopped waffle response 127.0.0.1:"), line);
            assertTrue(line.contains("=stopped/"), line);
        }
    }

    /** Its host has little room, and it takes nothing out of that for a while. */
    private RawClient late(Site site, String request) throws IOException {
        RawClient client = front.equals("plain")
                ? RawClient.withReceiveBuffer(RECEIVE_BUFFER, site.port())
                : RawClient.overTls(site.port(), TestCertificates.shared().clientContext(), RECEIVE_BUFFER);
        client.send(request);
        assertEquals(200, client.readHead().status());
        LockSupport.parkNanos(LATE_NANOS);
        return client;
    }

    private RawClient client(Site site) {
        return front.equals("plain")
                ? site.client()
                : RawClient.overTls(site.port(), TestCertificates.shared().clientContext());
    }

    private Site open(String... flags) throws IOException {
        if (front.equals("plain")) {
            return Site.open(1, flags);
        }
        Path certificate = TestCertificates.shared().ec().write(folder, "server");
        String key = folder.resolve("server.key").toString();
        return Site.open(
                1, Options.with(flags, "-tls-provider", front, "-tls-cert", certificate.toString(), "-tls-key", key));
    }
}
