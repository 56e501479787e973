// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadWriterTest {

    private static final String VIA = new String(Via.LINE_END, StandardCharsets.US_ASCII);
    private static final String ORIGIN =
            "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a\r\n"
                    .concat("X-Forwarded-Port: 80\r\nVia: 1.1" + VIA);

    private final RequestRewrite rewrite = new RequestRewrite()
            .clientAddress(Out.ascii("192.0.2.7"))
            .listenerPort(8080)
            .backendAuthority(Out.ascii("app:3000"));

    @Test
    void passesOnEndToEndFieldsByteForByte() throws HeadException {
        String fields = "hOST: a\r\nX-B:  1 \r\nCookie: x\r\nX-B:\r\nCookie: y\r\nAuthorization: z\r\nTrailer: t\r\n";
        assertEquals(
                "GET /x?y=%zz HTTP/1.1\r\n" + fields + ORIGIN + "\r\n", write("GET /x?y=%zz HTTP/1.1\r\n" + fields));
    }

    @Test
    void removesWhatEndsAtTheHop() throws HeadException {
        String hop = "Connection: close, X-Hop\r\nx-hOP: 1\r\nKeep-Alive: 5\r\nProxy-Connection: close\r\n"
                .concat("Proxy-Authorization: p\r\nProxy-Authenticate: q\r\nTE: gzip\r\nUpgrade: websocket\r\n")
                .concat("HTTP2-Settings: AAMAAABk\r\nconnection: , ,Y-Hop,\r\nY-Hop: 2\r\nConnection:\r\n");
        assertEquals(
                "GET / HTTP/1.1\r\nHost: a\r\nX-Extension: e\r\nLast: l\r\n" + ORIGIN + "\r\n",
                write("GET / HTTP/1.1\r\nHost: a\r\n" + hop + "X-Extension: e\r\n" + hop + "Last: l\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Cookie", "authorization", "Content-Type", "Cache-Control", "Expect", "Date"})
    void letsConnectionRemoveNothingThatIsForAll(String name) throws HeadException {
        String host = name.equals("Host") ? "" : "Host: a\r\n";
        String value = name.equals("Expect") ? "100-continue" : "a";
        String field = name + ": " + value + "\r\n";
        assertEquals(
                "GET / HTTP/1.1\r\n" + host + field + ORIGIN + "\r\n",
                write("GET / HTTP/1.1\r\n" + host + field + "Connection: " + name + "\r\n"));
    }

    @Test
    void letsConnectionRemoveNeitherFramingNorOrigin() throws HeadException {
        String connection = "Connection: Content-Length, X-Forwarded-For, X-Forwarded-Proto, Via, Forwarded\r\n";
        rewrite.trusted(true);
        assertEquals(
                "POST / HTTP/1.1\r\nHost: a\r\nForwarded: for=x\r\nX-Forwarded-Proto: https\r\nContent-Length: 3\r\n"
                        .concat("X-Forwarded-For: 192.0.2.1, 192.0.2.7\r\nX-Forwarded-Host: a\r\n")
                        .concat("X-Forwarded-Port: 443\r\nVia: 1.0 b, 1.1" + VIA + "\r\n"),
                write("POST / HTTP/1.1\r\nHost: a\r\n" + connection
                        + "Forwarded: for=x\r\nContent-Length: 3\r\n"
                                .concat("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nVia: 1.0 b\r\n")));
    }

    @Test
    void replacesWhatAnUntrustedPeerClaims() throws HeadException {
        String claims = "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n"
                .concat("X-Forwarded-Port: 1\r\nX-Forwarded-Prefix: /evil\r\nForwarded: for=1.1.1.1\r\n");
        assertEquals(
                "GET / HTTP/1.1\r\nHost: a\r\n" + ORIGIN + "\r\n", write("GET / HTTP/1.1\r\nHost: a\r\n" + claims));
    }

    @Test
    void extendsWhatATrustedPeerSays() throws HeadException {
        rewrite.trusted(true);
        String kept = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: b\r\nX-Forwarded-Port: 443\r\n"
                .concat("X-Forwarded-Prefix: /p\r\nForwarded: for=1.1.1.1\r\n");
        assertEquals(
                "GET / HTTP/1.1\r\nHost: a\r\n" + kept
                        + "X-Forwarded-For: 1.1.1.1, 2.2.2.2, 3.3.3.3, 192.0.2.7\r\nVia: 1.1" + VIA + "\r\n",
                write("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1, 2.2.2.2\r\n" + kept
                        + "X-Forwarded-For:\r\nX-Forwarded-For: 3.3.3.3\r\n"));
    }

    @Test
    void tellsTheSchemeTheClientUsed() throws HeadException {
        rewrite.secure(true);
        String expected = ORIGIN.replace("Proto: http", "Proto: https").replace("Port: 80", "Port: 443");
        assertEquals("GET / HTTP/1.1\r\nHost: a\r\n" + expected + "\r\n", write("GET / HTTP/1.1\r\nHost: a\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, '',    false",
        "true,  false, '',    true",
        "false, false, https, false",
        "true,  false, http,  true",
        "false, true,  '',    false",
        "true,  true,  '',    true",
        "false, true,  HTTPS, true",
        "true,  true,  http,  false",
        "false, true,  https2, false",
        "false, true,  'https, http', true",
        "false, true,  'https,https', true",
        "true,  true,  'http, https', false",
        "false, true,  wss, true",
    })
    void knowsWhetherTheClientCameOverHttps(boolean secure, boolean trusted, String said, boolean expected)
            throws HeadException {
        String field = said.isEmpty() ? "" : "X-Forwarded-Proto: " + said + "\r\n";
        RequestHead head = Wire.request("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n");
        assertEquals(expected, rewrite.secure(secure).trusted(trusted).isHttps(head));
    }

    @Test
    void appendsToVia() throws HeadException {
        assertEquals(
                "GET / HTTP/1.1\r\nHost: a\r\n" + ORIGIN.replace("Via: ", "Via: 1.0 x, 1.1 y, ") + "\r\n",
                write("GET / HTTP/1.1\r\nVia: 1.0 x\r\nHost: a\r\nVia: 1.1 y\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''      | GET /x?y            | GET /x?y",
                "/       | GET /x              | GET /x",
                "/base   | GET /x              | GET /base/x",
                "/base/  | GET /               | GET /base/",
                "/b%2Fc/ | GET /a%2Fb/../%20   | GET /b%2Fc/a%2Fb/../%20",
                "/base   | GET //x             | GET /base//x",
                "/base   | GET http://h/x?y    | GET /base/x?y",
                "''      | GET http://h?y      | GET /?y",
                "/base   | GET http://h        | GET /base/",
                "/base   | OPTIONS *           | OPTIONS *",
                "/base   | OPTIONS http://h    | OPTIONS *",
                "''      | OPTIONS http://h?y  | OPTIONS /?y",
            })
    void joinsThePrefixWithOneSlash(String prefix, String line, String expected) throws HeadException {
        rewrite.prefix(Out.ascii(prefix));
        assertEquals(
                expected + " HTTP/1.1",
                write(line + " HTTP/1.1\r\nHost: a\r\n").lines().findFirst().orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "true,  /x,          1.1, a,        a",
        "false, /x,          1.1, a,        app:3000",
        "true,  http://b/x,  1.1, a,        b",
        "true,  http://b/x,  1.0, '',       b",
        "false, http://b/x,  1.1, a,        app:3000",
        "true,  /x,          1.0, '',       app:3000",
    })
    void sendsOneHost(boolean preserve, String target, String version, String host, String expected)
            throws HeadException {
        rewrite.preserveHost(preserve);
        String field = host.isEmpty() ? "" : "Host: " + host + "\r\n";
        RequestHead sent = Wire.request(write("GET " + target + " HTTP/" + version + "\r\n" + field));
        assertEquals(expected, sent.findValue("host"));
    }

    @Test
    void keepsAnEmptyHost() throws HeadException {
        String sent = write("GET / HTTP/1.1\r\nHost:\r\n");
        assertEquals("", Wire.request(sent).findValue("host"));
        assertEquals(-1, Wire.request(sent).indexOf(KnownField.X_FORWARDED_HOST));
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 007,        Content-Length: 7",
        "Content-Length: 0,          Content-Length: 0",
        "transfer-encoding: CHUNKED, Transfer-Encoding: chunked",
    })
    void framesAnew(String field, String expected) throws HeadException {
        assertEquals(
                "DELETE / HTTP/1.1\r\nHost: a\r\n" + expected + "\r\n" + ORIGIN + "\r\n",
                write("DELETE / HTTP/1.1\r\n" + field + "\r\nHost: a\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"trailers, gzip | true", "gzip,TRAILERS | true", "gzip | false", "trailers;q=0.5 | false"})
    void passesOnlyTrailersOfTe(String te, boolean passes) throws HeadException {
        String expected = passes ? "TE: trailers\r\nConnection: TE\r\n" : "";
        assertEquals(
                "GET / HTTP/1.1\r\nHost: a\r\n" + expected + ORIGIN + "\r\n",
                write("GET / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nTE: " + te + "\r\n"));
    }

    @Test
    void passesOnAnUpgradeWithoutH2c() throws HeadException {
        String upgrade = "Connection: keep-alive, Upgrade, HTTP2-Settings\r\nUpgrade: h2c, websocket\r\n"
                .concat("HTTP2-Settings: x\r\nSec-WebSocket-Key: k\r\nUpgrade: b/2\r\n");
        assertEquals(
                "GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key: k\r\nConnection: upgrade\r\nUpgrade: websocket, b/2\r\n"
                        + ORIGIN + "\r\n",
                write("GET / HTTP/1.1\r\nHost: a\r\n" + upgrade));
    }

    @Test
    void dropsTheExpectationOfAnOldClient() throws HeadException {
        assertEquals(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n" + ORIGIN.replace("Via: 1.1", "Via: 1.0") + "\r\n",
                write("POST / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"OPTIONS, 5, 4", "OPTIONS, 0, 0", "GET, 5, 5"})
    void countsHops(String method, String value, String expected) throws HeadException {
        RequestHead sent = Wire.request(write(method + " / HTTP/1.1\r\nHost: a\r\nMax-Forwards: " + value + "\r\n"));
        assertEquals(expected, sent.findValue("max-forwards"));
    }

    @Test
    void writesNothingWithoutRoom() throws HeadException {
        RequestHead head = Wire.request("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RequestHeadWriter writer = new RequestHeadWriter();
        ByteBuffer tight = ByteBuffer.allocate(writer.bound(head, rewrite) - 1);
        assertThrows(BufferOverflowException.class, () -> writer.write(head, head.buf(), tight, rewrite));
        assertEquals(0, tight.position());
    }

    private String write(String headWithoutEnd) throws HeadException {
        RequestHead head = Wire.request(headWithoutEnd + "\r\n");
        RequestHeadWriter writer = new RequestHeadWriter();
        ByteBuffer dst = ByteBuffer.allocate(3 + writer.bound(head, rewrite));
        dst.position(3);
        int length = writer.write(head, head.buf(), dst, rewrite);
        assertEquals(dst.position(), 3 + length);
        return Wire.text(dst, 3, dst.position());
    }
}
