// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResponseHeadWriterTest {

    private static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

    private final ResponseHeadWriter writer =
            new ResponseHeadWriter(new HttpDate(InstantSource.fixed(Instant.parse("1994-11-06T08:49:37Z"))));
    private final ResponseRewrite rewrite = new ResponseRewrite();

    @Test
    void passesOnEndToEndFieldsByteForByte() throws HeadException {
        String fields =
                "Server: x\r\nSet-Cookie: a\r\nset-cookie:  b \r\nContent-Length: 5\r\nTrailers: not special\r\n"
                        .concat("Date: whenever\r\nVia: 1.1 y\r\nDate: again\r\n");
        assertEquals(
                "HTTP/1.1 404 Gone  fishing\r\n" + fields + "\r\n", write("HTTP/1.0 404 Gone  fishing\r\n" + fields));
    }

    @Test
    void removesWhatEndsAtTheHop() throws HeadException {
        String hop =
                "Connection: close, X-Resp\r\nX-RESP: v\r\nKeep-Alive: 5\r\nProxy-Authenticate: p\r\nUpgrade: h2c\r\n"
                        .concat("Proxy-Connection: x\r\nTE: x\r\n");
        assertEquals(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n" + DATE + "\r\n",
                write("HTTP/1.1 200 OK\r\n" + hop + "Content-Length: 5\r\n" + hop + "X: y\r\n"));
    }

    @Test
    void keepsProtectedFieldsThatConnectionNames() throws HeadException {
        assertEquals(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a\r\n" + DATE + "\r\n",
                write(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a\r\nConnection: content-length, set-cookie\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, Content-Length: 5,          Content-Length: 5,          '',                     LENGTH",
        "1, Transfer-Encoding: Chunked, Transfer-Encoding: chunked, '',                     CHUNKED",
        "1, X: y,                       X: y,                       Transfer-Encoding: chunked, CHUNKED",
        "0, Content-Length: 5,          Content-Length: 5,          Connection: keep-alive, LENGTH",
        "0, Transfer-Encoding: chunked, Connection: close,          '',                     CLOSE",
        "0, X: y,                       X: y,                       Connection: close,      CLOSE",
    })
    void framesForTheClient(int version, String field, String one, String two, Framing framing) throws HeadException {
        rewrite.clientVersion(version);
        String added = two.isEmpty() ? "" : two + "\r\n";
        assertEquals(
                "HTTP/1.1 200 OK\r\n" + one + "\r\n" + added + DATE + "\r\n",
                write("HTTP/1.1 200 OK\r\n" + field + "\r\n"));
        assertEquals(framing, rewrite.framing(Wire.response("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n")));
    }

    @ParameterizedTest
    @CsvSource({
        "200, true,  Content-Length: 5, true",
        "304, false, Content-Length: 5, true",
        "204, false, Content-Length: 5, false",
        "200, true,  Transfer-Encoding: chunked, false",
        "204, false, Transfer-Encoding: chunked, false",
    })
    void saysTheLengthOfContentThatStaysAway(int status, boolean head, String field, boolean keeps)
            throws HeadException {
        rewrite.requestWasHead(head);
        String expected = keeps ? field + "\r\n" : "";
        assertEquals(
                "HTTP/1.1 " + status + " x\r\n" + expected + DATE + "\r\n",
                write("HTTP/1.1 " + status + " x\r\n" + field + "\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void saysCloseWhenTold(int version) throws HeadException {
        rewrite.clientVersion(version).close(true);
        assertEquals(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n" + DATE + "\r\n",
                write("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n"));
    }

    @Test
    void relaysInterimResponsesAsTheyAre() throws HeadException {
        rewrite.close(true);
        assertEquals(
                "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n",
                write("HTTP/1.1 103 Early Hints\r\nLink: a\r\nContent-Length: 5\r\nConnection: close\r\n"));
        assertEquals("HTTP/1.1 100 \r\n\r\n", write("HTTP/1.1 100\r\n"));
    }

    @Test
    void keepsTheUpgradeOfASwitch() throws HeadException {
        assertEquals(
                "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: k\r\nConnection: upgrade\r\n\r\n",
                write("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade, X-Hop\r\nX-Hop: a\r\n"
                        .concat("Keep-Alive: 5\r\nSec-WebSocket-Accept: k\r\n")));
    }

    @Test
    void addsALineToFinalResponsesAndSwitchesOnly() throws HeadException {
        String line = "Set-Cookie: w=x\r\n";
        rewrite.adding(Out.ascii(line));
        assertEquals(
                "HTTP/1.1 502 x\r\nSet-Cookie: a\r\nContent-Length: 0\r\n" + DATE + line + "\r\n",
                write("HTTP/1.1 502 x\r\nSet-Cookie: a\r\nContent-Length: 0\r\n"));
        assertEquals(
                "HTTP/1.1 101 x\r\nUpgrade: y\r\nConnection: upgrade\r\n" + line + "\r\n",
                write("HTTP/1.1 101 x\r\nUpgrade: y\r\nConnection: upgrade\r\n"));
        assertEquals("HTTP/1.1 103 x\r\n\r\n", write("HTTP/1.1 103 x\r\n"));
        rewrite.addingNothing();
        assertEquals(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + DATE + "\r\n",
                write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"));
    }

    @Test
    void countsAnAddedLineHoweverLong() throws HeadException {
        String line = "X: " + "y".repeat(5_000) + "\r\n";
        rewrite.adding(Out.ascii(line));
        assertEquals(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + DATE + line + "\r\n",
                write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"));
    }

    @Test
    void writesNothingWithoutRoom() throws HeadException {
        ResponseHead head = Wire.response("HTTP/1.1 200 OK\r\n\r\n");
        ByteBuffer tight = ByteBuffer.allocate(writer.bound(head, rewrite) - 1);
        assertThrows(BufferOverflowException.class, () -> writer.write(head, head.buf(), tight, rewrite));
        assertEquals(0, tight.position());
    }

    private String write(String headWithoutEnd) throws HeadException {
        ResponseHead head = Wire.response(headWithoutEnd + "\r\n");
        ByteBuffer dst = ByteBuffer.allocate(writer.bound(head, rewrite));
        int length = writer.write(head, head.buf(), dst, rewrite);
        assertEquals(dst.position(), length);
        return Wire.text(dst, 0, length);
    }
}
