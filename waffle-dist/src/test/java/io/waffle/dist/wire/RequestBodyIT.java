// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.wire.Body.Framing;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies on their way to the backend, and their trailers. */
@On(Setup.DEFAULT)
final class RequestBodyIT {
    private final Site site;

    RequestBodyIT(Site site) {
        this.site = site;
    }

    @Test
    @DisplayName("D1 a body of known length arrives whole, with its length")
    void knownLength() {
        String body = "0123456789abcdef".repeat(65_536);
        assertEquals(
                200,
                site.exchange(post("Content-Length: " + body.length()) + body).status());
        BackendRequest seen = site.backend().next();
        assertEquals(Framing.LENGTH, seen.body().framing());
        assertEquals(body, seen.body().text());
    }

    @Test
    @DisplayName("D2 a chunked body arrives whole, chunked")
    void chunked() {
        String sent = "5\r\nhello\r\n1;x=\"y\"\r\n,\r\n0006\r\n world\r\n000\r\n\r\n";
        assertEquals(
                200, site.exchange(post("Transfer-Encoding: Chunked") + sent).status());
        BackendRequest seen = site.backend().next();
        assertEquals(Framing.CHUNKED, seen.body().framing());
        assertEquals("hello, world", seen.body().text());
    }

    @ParameterizedTest
    @DisplayName("rule 10 a body keeps its framing with any method")
    @ValueSource(strings = {"GET", "HEAD", "DELETE", "PATCH", "FOO"})
    void anyMethod(String method) {
        assertEquals(
                200,
                site.exchange(method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
                        .status());
        assertEquals("abc", site.backend().next().body().text());
    }

    @Test
    @DisplayName("rule 10 a POST with length 0 keeps its length")
    void emptyPost() {
        assertEquals(200, site.exchange(post("Content-Length: 0")).status());
        assertEquals("0", site.backend().next().head().value("Content-Length").orElseThrow());
    }

    @Test
    @DisplayName("D3 both lengths: refused, and what follows is not read as a request")
    void bothLengths() {
        String embedded = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
        site.refused(400, post("Content-Length: 6\r\nTransfer-Encoding: chunked") + "0\r\n\r\n" + embedded);
        site.refused(400, post("Transfer-Encoding: chunked\r\nContent-Length: 6") + "0\r\n\r\n" + embedded);
    }

    @Test
    @DisplayName("D4 a chunked body in an HTTP/1.0 request: 400")
    void chunkedInOldRequest() {
        site.refused(400, "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("D5 a transfer coding other than exactly chunked, or chunked twice: 400")
    @ValueSource(
            strings = {
                "chunked, chunked",
                "chunked, gzip",
                "gzip",
                "identity",
                "chunked;q=1",
                "\"chunked\"",
                "chunked,",
                "xchunked",
                "",
                "chunked\r\nTransfer-Encoding: chunked",
                "chunked\r\nTransfer-Encoding: identity"
            })
    void otherCodings(String coding) {
        site.refused(400, post("Transfer-Encoding: " + coding) + "0\r\n\r\n");
    }

    @Test
    @DisplayName("D5 an unknown coding before chunked: 501")
    void unknownCoding() {
        site.refused(501, post("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("D6 a malformed chunk: 400, and the backend never sees an end")
    @ValueSource(
            strings = {
                "11111111111111111\r\na\r\n",
                "+1\r\na\r\n",
                "0x1\r\na\r\n",
                "g\r\n",
                " 1\r\na\r\n",
                "-1\r\n",
                "1\na\r\n",
                "1\r\nab\r\n",
                "1\r\na\n",
                "1 \r\na\r\n",
                "\r\n",
                "1;\n\r\na\r\n",
                "1;a\rb\r\na\r\n",
                "1;a=\u0000\r\na\r\n",
                "ffffffffffffffff\r\na\r\n"
            })
    void malformedChunks(String chunk) {
        try (RawClient client = site.client()) {
            client.send(post("Transfer-Encoding: chunked") + "3\r\nabc\r\n" + chunk);
            assertEquals(400, client.read().status());
            client.awaitEnd();
        }
        for (BackendRequest seen : site.backend().taken()) {
            assertInstanceOf(IOException.class, seen.brokenBy());
        }
    }

    @ParameterizedTest
    @DisplayName("D7 requests behind a body, pipelined, are answered in order, no body byte taken for one")
    @ValueSource(strings = {"Content-Length: 36", "Transfer-Encoding: chunked"})
    void pipelinedBodies(String framing) {
        String inside = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\nx";
        String body = framing.startsWith("C") ? inside : "24\r\n" + inside + "\r\n0\r\n\r\n";
        site.backend().on(request -> {
            request.readBody();
            request.connection().answer(200, request.head().target());
        });
        try (RawClient client = site.client()) {
            for (int i = 0; i < 4; i++) {
                client.send("POST /" + i + " HTTP/1.1\r\nHost: h\r\n" + framing + "\r\n\r\n" + body);
            }
            for (int i = 0; i < 4; i++) {
                assertEquals("/" + i, client.read("POST").text());
                assertEquals("/" + i, site.backend().next().head().target());
            }
        }
        site.assertNothingCame();
    }

    @Test
    @DisplayName("D8 each part of a body reaches the backend before the next is sent")
    void streamed() {
        var seen = new CountDownLatch[] {new CountDownLatch(1), new CountDownLatch(1)};
        site.backend().on(request -> {
            request.connection().reader().exactly("5\r\nfirst\r\n".length());
            seen[0].countDown();
            request.connection().reader().exactly("6\r\nsecond\r\n".length());
            seen[1].countDown();
            request.readBody();
            request.connection().answer(200, "");
        });
        try (RawClient client = site.client()) {
            client.send(post("Transfer-Encoding: chunked"));
            client.send("5\r\nfirst\r\n");
            Wait.until(seen[0]);
            client.send("6\r\nsecond\r\n");
            Wait.until(seen[1]);
            client.send("0\r\n\r\n");
            assertEquals(200, client.read("POST").status());
        }
    }

    @Test
    @DisplayName("D10 bytes behind a request with Connection: close are not read as one")
    void afterClose() {
        try (RawClient client = site.client()) {
            client.send("GET /first HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            client.send("GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
            Response response = client.read();
            assertEquals(200, response.status());
            assertTrue(response.announcesClose());
            client.awaitEnd();
        }
        assertEquals("/first", site.backend().next().head().target());
        site.assertNothingCame();
    }

    @ParameterizedTest
    @DisplayName("D11 a Content-Length that is not one number: 400")
    @ValueSource(
            strings = {
                "0,",
                "",
                "+5",
                "-1",
                "5, 5",
                "5\r\nContent-Length: 5",
                "5\r\nContent-Length: 6",
                "0x5",
                "5 5",
                "9223372036854775808",
                "99999999999999999999",
                "5;",
                "1e3",
                "\"5\""
            })
    void lengths(String length) {
        site.refused(400, post("Content-Length: " + length) + "hello");
    }

    @ParameterizedTest
    @DisplayName("D12 a client that breaks off in a body breaks the request at the backend, never completes it")
    @ValueSource(booleans = {true, false})
    void clientBreaksOff(boolean reset) {
        site.backend().on(request -> request.readBody());
        RawClient client = site.client();
        client.send(post("Transfer-Encoding: chunked") + "3\r\nabc\r\n");
        BackendRequest seen = site.backend().next();
        if (reset) {
            client.reset();
        } else {
            client.close();
        }
        assertInstanceOf(IOException.class, seen.brokenBy());
    }

    @Test
    @DisplayName("D13 an expectation reaches the backend, whose 100 reaches the client before the body is sent")
    void expectContinue() {
        site.backend().on(request -> {
            request.connection().write("HTTP/1.1 100 Continue\r\n\r\n");
            request.readBody();
            request.connection().answer(200, "thanks");
        });
        try (RawClient client = site.client()) {
            client.send(post("Content-Length: 5\r\nExpect: 100-Continue"));
            assertEquals(100, client.readHead().status());
            assertTrue(site.backend().next().head().has("Expect"));
            Response response = client.send("hello").read("POST");
            assertEquals(200, response.status());
            assertEquals("thanks", response.text());
        }
    }

    @Test
    @DisplayName("D13 a final answer in place of 100 is relayed at once, the body not waited for")
    void expectationRefused() {
        site.backend().on(request -> request.connection()
                .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
                .close());
        try (RawClient client = site.client()) {
            client.send(post("Content-Length: 5\r\nExpect: 100-continue"));
            Response response = client.read("POST");
            assertEquals(403, response.status());
            assertEquals(List.of(), response.interim());
        }
    }

    @Test
    @DisplayName("D14 trailers reach the backend as trailers")
    void trailers() {
        String body = "1\r\na\r\n0\r\nX-Check: 12\r\nx-two: b\r\n\r\n";
        assertEquals(
                200,
                site.exchange(post("Transfer-Encoding: chunked\r\nTrailer: X-Check") + body)
                        .status());
        BackendRequest seen = site.backend().next();
        assertFalse(seen.head().has("X-Check"));
        assertEquals(
                List.of(new Field("X-Check", "12"), new Field("x-two", "b")),
                seen.body().trailers());
    }

    @Test
    @DisplayName("D14 a trailer that frames, routes or authenticates does not reach the backend")
    void forbiddenTrailers() {
        String forbidden =
                "Content-Length: 5\r\nHost: evil\r\nTE: x\r\nAuthorization: Basic x\r\nTransfer-Encoding: chunked\r\nConnection: x\r\nX-Forwarded-For: 1.1.1.1\r\nCookie: a\r\n";
        String body = "1\r\na\r\n0\r\n" + forbidden + "X-Good: 1\r\n\r\n";
        assertEquals(
                200, site.exchange(post("Transfer-Encoding: chunked") + body).status());
        assertEquals(
                List.of(new Field("X-Good", "1")), site.backend().next().body().trailers());
    }

    @Test
    @DisplayName("D16 a good request right behind a bad one is not served")
    void behindBad() {
        site.refused(400, "GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\nGET /good HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("M10 a request hidden in a chunk extension or a trailer is not seen by the backend")
    @ValueSource(
            strings = {
                "1;a=\"\r\na\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n\"\r\n0\r\n\r\n",
                "1;\na\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
                "0\r\nX: y\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
                "0\r\n\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
                "0\r\nX\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
                "2\r\na\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
            })
    void hiddenRequests(String body) {
        try (RawClient client = site.client()) {
            client.send(post("Transfer-Encoding: chunked\r\nConnection: close") + body);
            client.read("POST");
            client.awaitEnd();
        }
        site.get("/sentinel");
        for (BackendRequest seen : site.backend().taken()) {
            assertFalse(seen.head().target().contains("smuggled"), seen.head().raw());
        }
    }

    private static String post(String fields) {
        return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n";
    }
}
