// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a client's connection carries another request. */
@On(Setup.DEFAULT)
final class KeptConnectionIT {
    private final Site site;

    KeptConnectionIT(Site site) {
        this.site = site;
    }

    @ParameterizedTest
    @DisplayName(
            "rule 27 a connection ends after its response if the client says close, or is of HTTP/1.0 and says nothing")
    @ValueSource(
            strings = {
                "HTTP/1.1\r\nConnection: close",
                "HTTP/1.1\r\nConnection: x-other, CLOSE",
                "HTTP/1.1\r\nConnection: keep-alive, close",
                "HTTP/1.0\r\nX-Other: 1",
                "HTTP/1.0\r\nConnection: close, keep-alive"
            })
    void ends(String request) {
        try (RawClient client = site.client()) {
            Response response = client.exchange("GET / " + request + "\r\nHost: h\r\n\r\n");
            assertEquals(200, response.status());
            assertTrue(response.announcesClose(), response.head().raw());
            assertEquals(RawClient.End.CLOSED, client.send("GET /").awaitEnd());
        }
    }

    @Test
    @DisplayName("rule 27 a client of HTTP/1.0 that asks for keep-alive gets it, and is told so")
    void keptForAnOldClient() {
        try (RawClient client = site.client()) {
            for (int i = 0; i < 3; i++) {
                Response response = client.exchange("GET / HTTP/1.0\r\nHost: h\r\nConnection: Keep-Alive\r\n\r\n");
                assertTrue(
                        response.head().lists("Connection", "keep-alive"),
                        response.head().raw());
            }
        }
    }

    @Test
    @DisplayName(
            "rule 22 a response that begins before the request has ended is relayed at once; the rest is read, then the next")
    void earlyResponse() {
        CountDownLatch seen = new CountDownLatch(1);
        site.backend().on(request -> {
            request.connection().write("HTTP/1.1 422 Too Early\r\nContent-Length: 4\r\n\r\nno");
            seen.await();
            request.connection().write(", ");
            request.readBody(); // which breaks off: nobody wants it any more
        });
        try (RawClient client = site.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nbegin");
            Head head = client.readHead();
            assertEquals(422, head.status());
            assertFalse(head.lists("Connection", "close"));
            assertEquals("no", client.readText(2));
            seen.countDown();
            assertEquals(", ", client.readText(2));
            client.send("x".repeat(100_000 - 5));
            site.backend().on(ScriptedBackend.OK);
            assertEquals("ok", client.exchangeGet("/next").text());
        }
    }

    @Test
    @DisplayName(
            "rule 22 a client that goes on sending a large body nobody wants is cut off, after it got its response")
    void earlyResponseToMuchMore() {
        site.backend().on(request -> {
            request.connection().answer(413, "no");
            request.readBody();
        });
        try (RawClient client = site.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n" + "x".repeat(1_000));
            assertEquals("no", client.read().text());
            String more = "x".repeat(100_000);
            assertThrows(UncheckedIOException.class, () -> {
                for (int i = 0; i < 9_999; i++) {
                    client.send(more);
                }
            });
        }
    }

    @Test
    @DisplayName("rule 15 TRACE that is allowed reaches the backend, at most as far as it may")
    void trace() {
        try (Site tracing = Site.open(1, "-allow-trace")) {
            tracing.exchange("TRACE / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 1\r\n\r\n");
            Head seen = tracing.backend().next().head();
            assertEquals("TRACE / HTTP/1.1", seen.startLine());
            assertEquals("0", seen.value("Max-Forwards").orElseThrow());
            assertEquals(
                    200,
                    tracing.exchange("TRACE / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 0\r\n\r\n")
                            .status());
            tracing.assertNothingCame();
        }
    }
}
