// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.wire.Body.Framing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses on their way to the client. */
@On(Setup.DEFAULT)
final class ResponseIT {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final Site site;

    ResponseIT(Site site) {
        this.site = site;
    }

    @ParameterizedTest
    @DisplayName("E1 a response with framing that is wrong or not understood: 502")
    @ValueSource(
            strings = {
                "Content-Length: abc",
                "Content-Length: -1",
                "Content-Length: 1\r\nContent-Length: 2",
                "Content-Length: 1, 2",
                "Transfer-Encoding: foo",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked, gzip, chunked",
                "Transfer-Encoding: gzip"
            })
    void wrongFraming(String fields) {
        badGateway(OK + fields + "\r\n\r\n1\r\na\r\n0\r\n\r\n");
    }

    @Test
    @DisplayName("E2 both lengths in a response: 502")
    void bothLengths() {
        badGateway(OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 evil\r\n\r\n");
    }

    @Test
    @DisplayName("E3 an HTTP/1.0 response that says chunked is refused or decoded, its connection not used again")
    void oldChunked() {
        site.backend().answer("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n");
        try (RawClient client = site.client()) {
            Response response = client.exchangeGet("/");
            assertTrue(
                    response.status() == 502 || response.text().equals("a"),
                    response.head().raw());
        }
        int first = site.backend().next().connection().id();
        site.backend().on(ScriptedBackend.OK);
        site.get("/");
        assertNotEquals(first, site.backend().next().connection().id());
    }

    @Test
    @DisplayName("E4 what a backend sends beyond its length reaches nobody, and its connection is not used again")
    void surplus() {
        site.backend().answer(OK + "Content-Length: 2\r\n\r\nokHTTP/1.1 200 evil\r\nContent-Length: 4\r\n\r\nevil");
        try (RawClient client = site.client()) {
            assertEquals("ok", client.exchangeGet("/1").text());
            int first = site.backend().next().connection().id();
            site.backend().on(ScriptedBackend.OK);
            assertEquals("ok", client.exchangeGet("/2").text());
            assertNotEquals(first, site.backend().next().connection().id());
        }
    }

    @ParameterizedTest
    @DisplayName("E5 a body that breaks off ends without a proper end")
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\nshort",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
            })
    void brokenOff(String message) {
        site.backend().answerAndClose(OK + message);
        try (RawClient client = site.client()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThrows(UncheckedIOException.class, client::read);
        }
    }

    @Test
    @DisplayName("E5 a body found to be malformed before anything of it was passed on: 502")
    void malformedAtOnce() {
        site.backend().answerAndClose(OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n");
        assertEquals(502, site.get("/").status());
    }

    @ParameterizedTest
    @DisplayName("E5 a body that breaks off, or turns out malformed, after its head was passed on: no proper end")
    @ValueSource(
            strings = {"", "5\r\nhello\r\n", "5\r\nhel", "5\r\nhello\r\n0\r\n", "5\r\nhello\r\nxyz\r\n", "5\r\nhelloX"})
    void brokenOffAfterHead(String body) {
        var headCame = new CountDownLatch(1);
        site.backend().on(request -> {
            request.connection().write(OK + "Transfer-Encoding: chunked\r\n\r\n");
            Wait.until(headCame);
            request.connection().write(body).close();
        });
        try (RawClient client = site.client()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(200, client.readHead().status());
            headCame.countDown();
            assertThrows(IOException.class, () -> client.reader().body(Framing.CHUNKED, 0));
        }
    }

    @Test
    @DisplayName("E5 a chunked body that breaks off is cut short for an HTTP/1.0 client by a reset or not at all")
    void brokenOffForOldClient() {
        site.backend().on(request -> {
            request.connection().write(OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            request.connection().reset();
        });
        try (RawClient client = site.client()) {
            client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
            assertThrows(UncheckedIOException.class, client::read, "a clean end of a broken body");
        }
    }

    @Test
    @DisplayName(
            "E16 what can be read in one way only is taken though it is not written well: chunk sizes with blanks, a length twice, blanks before a colon")
    void takenAllTheSame() {
        for (String size : List.of("2  ", "00000002", "2\t", "2 ; a=b", "2;a ")) {
            site.backend().answer(OK + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\nok\r\n0 \r\n\r\n");
            assertEquals("ok", site.get("/").text(), size);
        }
        site.backend()
                .answer(OK + "Content-Length: 2\r\nX-A: 1\r\nX-B : 2 \r\nContent-Length : 02\r\nX-C\t: 3\r\n\r\nok");
        Response response = site.get("/");
        assertEquals("ok", response.text());
        for (String line : List.of("\r\nX-A: 1\r\n", "\r\nX-B: 2\r\n", "\r\nX-C: 3\r\n")) {
            assertTrue(response.head().raw().contains(line), response.head().raw());
        }
        assertEquals(List.of("2"), response.head().values("Content-Length"));
    }

    @Test
    @DisplayName("E17 trailers beyond the limit are left out, and the response is whole")
    void manyTrailers() {
        String body = OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-A: 1\r\n";
        site.backend().answer(body + "X-Large: " + "x".repeat(20_000) + "\r\n\r\n");
        assertEquals(2, site.get("/").body().trailers().size());
        site.backend().answer(body + ("X-Large: " + "x".repeat(20_000) + "\r\n").repeat(3) + "X-B: 1\r\n\r\n");
        Response response = site.get("/");
        assertEquals("ok", response.text());
        assertEquals(2, response.body().trailers().size());
        site.backend().answer(body + "X: y\r\n".repeat(200) + "\r\n");
        assertEquals(100, site.get("/").body().trailers().size());
        String request = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
        assertEquals(
                431, site.exchange(request + "X: y\r\n".repeat(200) + "\r\n").status());
    }

    @ParameterizedTest
    @DisplayName("E6 no body for HEAD, 204 and 304 though the backend sends one; the next answer is not disturbed")
    @CsvSource({"HEAD, 200", "GET, 204", "GET, 304", "POST, 204"})
    void bodyless(String method, int status) {
        site.backend().answer("HTTP/1.1 " + status + " X\r\nContent-Length: 4\r\n\r\nevil");
        try (RawClient client = site.client()) {
            Response response = client.exchange(method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            assertEquals(status, response.status());
            site.backend().on(ScriptedBackend.OK);
            assertEquals("ok", client.exchangeGet("/").text());
        }
    }

    @ParameterizedTest
    @DisplayName("E7 the length in an answer to HEAD, and in a 304, is kept")
    @CsvSource({"HEAD, 200", "GET, 304"})
    void lengthWithoutBody(String method, int status) {
        site.backend().answer("HTTP/1.1 " + status + " X\r\nContent-Length: 1234\r\n\r\n");
        Response response = site.exchange(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals("1234", response.value("Content-Length").orElseThrow());
    }

    @Test
    @DisplayName(
            "E8 a body delimited by the end of its connection comes whole, chunked, and the client's connection lives on")
    void untilClose() {
        site.backend().answerAndClose(OK + "\r\nuntil the end");
        try (RawClient client = site.client()) {
            Response response = client.exchangeGet("/");
            assertEquals("until the end", response.text());
            assertEquals(Framing.CHUNKED, response.body().framing());
            assertEquals("until the end", client.exchangeGet("/").text());
        }
    }

    @Test
    @DisplayName("E8 to an HTTP/1.0 client a body of unknown length ends with the connection")
    void unknownLengthForOldClient() {
        site.backend().answer(OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n");
        Response response = site.exchange("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
        assertEquals("hello", response.text());
        assertEquals(Framing.CLOSE, response.body().framing());
        assertFalse(response.head().has("Transfer-Encoding"));
    }

    @Test
    @DisplayName("E9 an answer of known length is whole at once, though the backend keeps its connection")
    void notWaitingForClose() {
        var release = new CountDownLatch(1);
        site.backend().on(request -> {
            request.readBody();
            request.connection().write(OK + "Content-Length: 2\r\nConnection: close\r\n\r\nok");
            Wait.until(release);
        });
        assertEquals("ok", site.get("/").text());
        release.countDown();
    }

    @ParameterizedTest
    @DisplayName("E10 trailers, announced or not, reach an HTTP/1.1 client")
    @ValueSource(strings = {"Trailer: X-Sum\r\n", ""})
    void trailers(String announced) {
        site.backend()
                .answer(OK + announced + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\nX-b: 2\r\n\r\n");
        Response response = site.get("/");
        assertEquals(
                List.of(new Field("X-Sum", "1"), new Field("X-b", "2")),
                response.body().trailers());
        assertEquals(!announced.isEmpty(), response.head().has("Trailer"));
    }

    @Test
    @DisplayName("E11 repeated fields stay lines of their own, in order, with Server and letter case")
    void repeatedFields() {
        site.backend()
                .answer(
                        OK
                                + "Set-Cookie: a=1\r\nsERVER: x/1\r\nX-M: 1\r\nset-cookie: b=2\r\nX-M: 2\r\nContent-Length: 0\r\n\r\n");
        List<Field> seen = site.get("/").head().fields().stream()
                .filter(field -> field.name().matches("(?i)set-cookie|server|x-m"))
                .toList();
        assertEquals(
                List.of(
                        new Field("Set-Cookie", "a=1"),
                        new Field("sERVER", "x/1"),
                        new Field("X-M", "1"),
                        new Field("set-cookie", "b=2"),
                        new Field("X-M", "2")),
                seen);
    }

    @ParameterizedTest
    @DisplayName("E12 status, reason and body of any answer pass")
    @ValueSource(strings = {"404 Not Found", "451 ", "500 Oops, sorry", "599 Custom \u00e9", "302 Found", "700 Beyond"})
    void statusPasses(String status) {
        site.backend().answer("HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\nerror");
        Response response = site.get("/");
        assertEquals("HTTP/1.1 " + status, response.head().startLine());
        assertEquals("error", response.text());
    }

    @Test
    @DisplayName("E12 the space before a reason that is missing is put in, as RFC 9112 section 4 has it")
    void reasonIsMissing() {
        site.backend().answer("HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nerror");
        assertEquals("HTTP/1.1 200 ", site.get("/").head().startLine());
    }

    @Test
    @DisplayName("E13 a backend that hangs up without an answer: 502")
    void hangsUp() {
        site.backend().on(request -> request.connection().close());
        assertEquals(
                502,
                site.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
                        .status());
        assertEquals(502, site.get("/").status());
    }

    @ParameterizedTest
    @DisplayName("E13 what is no response: 502, and nothing of it is told")
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Half: 1\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\u0000b\r\n\r\n",
                "HTTP/1.1 200 OK\nX: a\n\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1 099 X\r\n\r\n"
            })
    void garbage(String answer) {
        badGateway(answer);
    }

    @Test
    @DisplayName("E14 a response head larger than the limit: 502")
    void largeHead() {
        badGateway(OK + "X-Large: " + "x".repeat(40_000) + "\r\nContent-Length: 0\r\n\r\n");
        badGateway(OK + "X-A: 1\r\n".repeat(120) + "Content-Length: 0\r\n\r\n");
    }

    @Test
    @DisplayName("E15 doubled Date and Expires do no harm")
    void doubledDates() {
        String dates = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nExpires: 0\r\n".repeat(2);
        site.backend().answer(OK + dates + "Content-Length: 2\r\n\r\nok");
        assertEquals("ok", site.get("/").text());
    }

    @Test
    @DisplayName("rule 20 Date is added where it is missing, and kept where it is not")
    void date() {
        assertEquals(1, site.get("/").head().values("Date").size());
        site.backend().answer(OK + "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n");
        assertEquals(
                "Sun, 06 Nov 1994 08:49:37 GMT", site.get("/").value("Date").orElseThrow());
    }

    /** Answers with this and closes; the client must see 502, no word of it, and a connection that still works or is closed. */
    private void badGateway(String answer) {
        site.backend().answerAndClose(answer);
        Response response = site.get("/");
        assertEquals(502, response.status(), response.head().raw());
        assertFalse(response.text().contains("evil"));
        assertFalse(response.text().contains("Exception"));
    }
}
