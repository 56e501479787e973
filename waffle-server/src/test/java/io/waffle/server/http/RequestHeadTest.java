// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadTest {

    private static final String TABLE = "request-heads.txt";

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptsWholeHeads(Wire.Case c) throws HeadException {
        byte[] bytes = Wire.bytes(c.wire());
        assertEquals(bytes.length, new RequestHead(HeadLimits.DEFAULT).parse(Wire.buffer(bytes), bytes.length));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(Wire.Case c) {
        byte[] bytes = Wire.bytes(c.wire());
        HeadException e = assertThrows(
                HeadException.class, () -> new RequestHead(HeadLimits.DEFAULT).parse(Wire.buffer(bytes), bytes.length));
        assertEquals(c.expected(), Integer.toString(e.status()), e.getMessage());
    }

    @Test
    void givesFieldsAsTheyCame() throws HeadException {
        RequestHead head = Wire.request("PUT /a?b HTTP/1.1\r\nhOST: x\r\nX-A:  1 \t\r\nX-B:\r\nx-a: 2\r\n\r\n");
        assertEquals("PUT", head.method());
        assertEquals("/a?b", head.path());
        assertEquals(4, head.fieldCount());
        assertEquals(
                List.of("hOST", "X-A", "X-B", "x-a"),
                Stream.of(0, 1, 2, 3).map(head::name).toList());
        assertEquals(
                List.of("x", "1", "", "2"),
                Stream.of(0, 1, 2, 3).map(head::value).toList());
        assertEquals(KnownField.HOST, head.known(0));
        assertEquals(0, head.indexOf(KnownField.HOST));
        assertEquals(-1, head.indexOf(KnownField.COOKIE));
        assertTrue(head.nameIs(3, "x-a"));
        assertEquals("1", head.findValue("x-A"));
        assertNull(head.findValue("X-C"));
    }

    @Test
    void growsWithTheNumberOfFields() throws HeadException {
        StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
        for (int i = 1; i < 100; i++) {
            text.append("X-").append(i).append(": ").append(i).append("\r\n");
        }
        RequestHead head = Wire.request(text + "\r\n");
        assertEquals(100, head.fieldCount());
        assertEquals("99", head.findValue("x-99"));
        HeadException e = assertThrows(HeadException.class, () -> Wire.request(text + "X-100: 100\r\n\r\n"));
        assertEquals(431, e.status());
    }

    @ParameterizedTest
    @CsvSource({"9,414", "10,-1", "11,-1"})
    void boundsTheRequestLineBeforeItsEnd(int limit, int status) {
        // "GET /abcde" are ten bytes, and no line end is in sight.
        assertEquals(status, parseIncomplete("GET /abcde", new HeadLimits(limit, 1000, 10)));
    }

    @ParameterizedTest
    @CsvSource({"36,431", "37,431", "38,-1"})
    void boundsTheHeadBeforeItsEnd(int limit, int status) {
        // 37 bytes that are no whole head: with a limit of 37 it can never become one.
        assertEquals(
                status, parseIncomplete("GET / HTTP/1.1\r\nHost: a\r\nX: aaaaaaaaa", new HeadLimits(20, limit, 10)));
    }

    @Test
    void acceptsALineAndAHeadOfExactlyTheLimit() throws HeadException {
        String text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        RequestHead head = new RequestHead(new HeadLimits(14, text.length(), 1));
        assertEquals(text.length(), head.parse(Wire.buffer(text), text.length()));
        assertEquals(414, parseIncomplete(text, new HeadLimits(13, text.length(), 1)));
        assertEquals(431, parseIncomplete(text, new HeadLimits(14, text.length() - 1, 1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1 |            | true",
                "1.1 | close      | false",
                "1.1 | x, CLOSE   | false",
                "1.1 | keep-alive | true",
                "1.0 | x          | false",
                "1.0 | Keep-Alive | true",
                "1.0 | keep-alive, close | false",
            })
    void keepsConnectionsByTheVersionsRule(String version, String connection, boolean keeps) throws HeadException {
        String line = connection == null ? "" : "Connection: " + connection + "\r\n";
        assertEquals(
                keeps,
                Wire.request("GET / HTTP/" + version + "\r\nHost: a\r\n" + line + "\r\n")
                        .keepAlive());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1 | Upgrade             | websocket      | true",
                "1.1 | keep-alive, upgrade | a/1, h2c       | true",
                "1.1 | close               | websocket      | false",
                "1.1 | upgrade             | h2c            | false",
                "1.1 | upgrade             | ,              | false",
                "1.0 | upgrade             | websocket      | false",
            })
    void asksForAnUpgrade(String version, String connection, String upgrade, boolean asks) throws HeadException {
        assertEquals(
                asks,
                Wire.request("GET / HTTP/" + version + "\r\nHost: a\r\nConnection: " + connection + "\r\nUpgrade: "
                                + upgrade + "\r\n\r\n")
                        .upgrade());
    }

    @Test
    void listsUpgradeProtocolsOfAllLines() throws HeadException {
        RequestHead head = Wire.request(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: b/2, H2C\r\nUpgrade: websocket\r\n\r\n");
        assertEquals(List.of("b/2", "websocket"), head.upgradeProtocols());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET http://b:81/x?y | /x?y | b:81",
                "GET http://b        | /    | b",
                "GET http://b?y      | /?y  | b",
                "OPTIONS http://b:1  | *    | b:1",
                "OPTIONS http://b/   | /    | b",
                "OPTIONS http://b?y  | /?y  | b",
                "OPTIONS *           | *    | a",
                "GET /x              | /x   | a",
            })
    void findsPathAndHostInEveryForm(String start, String path, String host) throws HeadException {
        RequestHead head = Wire.request(start + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(path, head.path());
        assertEquals(host, Wire.text(head.buf(), head.hostStart(), head.hostEnd()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void knowsCommonMethodsWithoutMakingThem(String method) throws HeadException {
        RequestHead head = Wire.request(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertSame(method.intern(), head.method());
        assertEquals(!method.equals("POST") && !method.equals("PATCH"), head.idempotent());
        assertEquals(method.equals("HEAD"), head.isHead());
    }

    @Test
    void makesOtherMethodsOnce() throws HeadException {
        RequestHead head = Wire.request("PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("PROPFIND", head.method());
        assertSame(head.method(), head.method());
        assertFalse(head.idempotent());
    }

    @Test
    void servesTraceOnlyWhenAllowedAndWithoutContent() throws HeadException {
        String line = "TRACE / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 3\r\n";
        String text = line + "\r\n";
        RequestHead head = new RequestHead(HeadLimits.DEFAULT, new RequestRules(true, false, false));
        assertEquals(text.length(), head.parse(Wire.buffer(text), text.length()));
        assertEquals(3, head.maxForwards());
        String withContent = line + "Content-Length: 1\r\n\r\n";
        HeadException e = assertThrows(
                HeadException.class, () -> new RequestHead(HeadLimits.DEFAULT, new RequestRules(true, false, false))
                        .parse(Wire.buffer(withContent), withContent.length()));
        assertEquals(400, e.status());
    }

    @ParameterizedTest
    @CsvSource({"1.1,1,true", "1.1,0,false", "1.0,1,false"})
    void expectsContinueOnlyWithContentAndInHttp11(String version, int length, boolean expects) throws HeadException {
        assertEquals(
                expects,
                Wire.request("POST / HTTP/" + version + "\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
                                + length + "\r\n\r\n")
                        .expectsContinue());
    }

    @Test
    void boundsTheNamesInConnection() {
        String names = "a,".repeat(101);
        HeadException e = assertThrows(
                HeadException.class,
                () -> Wire.request("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + names + "\r\n\r\n"));
        assertEquals(431, e.status());
    }

    @Test
    void forgetsTheLastMessageOnReset() throws HeadException {
        String fields = "Content-Length: 5\r\nCookie: c\r\nMax-Forwards: 4\r\nConnection: keep-alive\r\n";
        RequestHead head = Wire.request("OPTIONS http://b HTTP/1.0\r\nHost: a\r\n" + fields + "\r\n");
        head.reset();
        String next = "POST / HTTP/1.1\r\nhost: c\r\n\r\n";
        assertEquals(next.length(), head.parse(Wire.buffer(next), next.length()));
        assertEquals(Framing.NONE, head.framing());
        assertEquals(-1, head.contentLength());
        assertEquals(-1, head.maxForwards());
        assertFalse(head.has(KnownField.COOKIE));
        assertEquals(RequestHead.TargetForm.ORIGIN, head.targetForm());
        assertEquals("c", Wire.text(head.buf(), head.hostStart(), head.hostEnd()));
        assertFalse(head.connectionHas("keep-alive"));
    }

    @Test
    void looksAtNoByteAgainOnceItIsWhole() throws HeadException {
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        byte[] bytes = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
        int length = head.parse(ByteBuffer.wrap(bytes), bytes.length);
        assertEquals(bytes.length - 2, length);
        assertEquals(length, head.parse(ByteBuffer.allocate(bytes.length), bytes.length));
    }

    private static int parseIncomplete(String text, HeadLimits limits) {
        try {
            return new RequestHead(limits).parse(Wire.buffer(text), text.length());
        } catch (HeadException e) {
            return e.status();
        }
    }

    private static Stream<Wire.Case> accepted() {
        return Wire.accepted(TABLE);
    }

    private static Stream<Wire.Case> refused() {
        return Wire.refused(TABLE);
    }
}
