// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who keeps Waffle waiting is told so, or cut off; never before the time that was set. */
final class DeadlinesIT {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static Site site;

    @BeforeAll
    static void start() {
        site = Site.open(
                1,
                "-timeout-request-head",
                "1s",
                "-timeout-keep-alive",
                "1s",
                "-timeout-first-byte",
                "1s",
                "-timeout-body",
                "1s",
                "-timeout-backend-keep-alive",
                "1s");
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void forget() {
        site.forget();
    }

    @Test
    @DisplayName("J8 an empty line behind a body begins no request, so nobody waits for the rest of it")
    void emptyLineBehindBody() {
        for (String behind : new String[] {"", "\r\n"}) {
            try (RawClient client = site.client()) {
                String post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx";
                assertEquals(200, client.send(post + behind).read().status());
                client.send("\r\n".repeat(1 - behind.length() / 2));
                client.awaitEnd();
            }
        }
    }

    @Test
    @DisplayName("6 a head that is not whole by its deadline gets a 408, and the connection is closed")
    void head() {
        try (RawClient client = site.client()) {
            long start = System.nanoTime();
            Response response = client.send("GET / HTTP/1.1\r\nHost: waff").read();
            assertNotBefore(start);
            assertEquals(408, response.status());
            assertTrue(response.announcesClose());
            client.awaitEnd();
        }
    }

    @Test
    @DisplayName("6 the deadline of a head begins with its first byte, on a kept connection too")
    void headAfterIdling() {
        try (RawClient client = site.client()) {
            assertEquals(200, client.exchange(GET).status());
            long start = System.nanoTime();
            Response response = client.send("G").read();
            assertNotBefore(start);
            assertEquals(408, response.status());
            client.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("6 an idle connection is closed without a word, before the first request and after it")
    void keepAlive(boolean used) {
        long start = System.nanoTime();
        try (RawClient client = site.client()) {
            if (used) {
                assertEquals(200, client.exchange(GET).status());
            }
            client.awaitEnd();
            assertNotBefore(start);
        }
    }

    @Test
    @DisplayName("a backend that accepts and never answers: 504 at the first-byte deadline, and it is let go")
    void firstByte() {
        site.backend().on(request -> {
            request.readBody();
            request.connection().awaitEnd();
        });
        try (RawClient client = site.client()) {
            long start = System.nanoTime();
            Response response = client.exchange(GET);
            assertNotBefore(start);
            assertEquals(504, response.status());
            site.backend().on(ScriptedBackend.OK);
            assertEquals(200, client.exchange(GET).status(), "on the same connection");
        }
        BackendRequest first = site.backend().next();
        BackendRequest second = site.backend().next();
        assertNotEquals(first.connection().id(), second.connection().id());
        awaitClosed(first.connection());
    }

    @Test
    @DisplayName("an upload as long as it takes is not held against the backend: its deadline begins at the end")
    void uploadIsNotWaiting() throws InterruptedException {
        try (RawClient client = site.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 15\r\n\r\n");
            for (int i = 0; i < 15; i++) {
                client.send("x");
                Thread.sleep(100); // the pace of this client: all in all more than the deadline, each less than it
            }
            assertEquals(200, client.read().status());
        }
    }

    @Test
    @DisplayName("an upload that stands still gets a 408, and the backend sees that it is not whole")
    void stalledUpload() {
        try (RawClient client = site.client()) {
            long start = System.nanoTime();
            client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 10\r\n\r\nhalf");
            Response response = client.read();
            assertNotBefore(start);
            assertEquals(408, response.status());
            assertTrue(response.announcesClose());
            client.awaitEnd();
            site.backend().next().brokenBy();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: 100\r\n\r\n0123456789", "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n"
            })
    @DisplayName("23 a response that stands still is cut off, and cannot be taken for a whole one")
    void stalledDownload(String rest) {
        site.backend().on(request -> {
            request.readBody();
            request.connection().write("HTTP/1.1 200 OK\r\n" + rest).awaitEnd();
        });
        try (RawClient client = site.client()) {
            long start = System.nanoTime();
            client.send(GET);
            assertEquals(200, client.readHead().status());
            boolean chunked = rest.startsWith("T");
            String begun = chunked ? "a\r\n0123456789\r\n" : "0123456789";
            assertEquals(begun, client.readText(begun.length()));
            assertThrows(IOException.class, () -> client.reader().exactly(1));
            assertNotBefore(start);
            awaitClosed(site.backend().next().connection());
        }
    }

    @Test
    @DisplayName("a client that takes nothing of its response is cut off, and the backend is let go")
    void stalledReader() {
        site.backend().on(request -> {
            request.readBody();
            request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            Content.send(1_000_000_000, request.connection().socket().getOutputStream());
        });
        try (RawClient client = RawClient.withReceiveBuffer(4096, site.port())) {
            client.send(GET);
            awaitClosed(site.backend().next().connection());
        }
    }

    @Test
    @DisplayName("J3 an idle backend connection is closed at its deadline; the next request takes a new one")
    void backendKeepAlive() {
        try (RawClient client = site.client()) {
            assertEquals(200, client.exchange(GET).status());
        }
        BackendConnection first = site.backend().next().connection();
        awaitClosed(first);
        assertEquals(200, site.get("/").status());
        assertNotEquals(first.id(), site.backend().next().connection().id());
    }

    private static void assertNotBefore(long start) {
        long elapsed = System.nanoTime() - start;
        assertTrue(elapsed >= SECOND, () -> "after " + elapsed + " ns (expected: 1 s at least)");
    }

    private static void awaitClosed(BackendConnection connection) {
        assertTrue(Eventually.holds(connection::isClosed), "the backend connection is open (expected: closed)");
    }
}
