// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ResponseHeadTest {

    private static final String TABLE = "response-heads.txt";

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptsWholeHeads(Wire.Case c) throws HeadException {
        byte[] bytes = Wire.bytes(c.wire());
        assertEquals(bytes.length, new ResponseHead(HeadLimits.DEFAULT).parse(Wire.buffer(bytes), bytes.length));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(Wire.Case c) {
        byte[] bytes = Wire.bytes(c.wire());
        assertThrows(HeadException.class, () -> new ResponseHead(HeadLimits.DEFAULT)
                .parse(Wire.buffer(bytes), bytes.length));
    }

    @Test
    void givesStatusAndReason() throws HeadException {
        ResponseHead head = Wire.response("HTTP/1.0 451 Gone for good \r\nX: a\r\n\r\n");
        assertEquals(451, head.status());
        assertEquals(0, head.minorVersion());
        assertEquals("Gone for good ", Wire.text(head.buf(), head.reasonStart(), head.reasonEnd()));
        assertEquals("a", head.findValue("x"));
    }

    @ParameterizedTest
    @CsvSource({
        "200, Content-Length: 5, false, LENGTH",
        "200, Content-Length: 0, false, LENGTH",
        "200, Transfer-Encoding: chunked, false, CHUNKED",
        "200, X: y, false, CLOSE",
        "200, Content-Length: 5, true, NONE",
        "200, Transfer-Encoding: chunked, true, NONE",
        "200, X: y, true, NONE",
        "100, Content-Length: 5, false, NONE",
        "101, X: y, false, NONE",
        "103, X: y, false, NONE",
        "204, Content-Length: 5, false, NONE",
        "204, Transfer-Encoding: chunked, false, NONE",
        "304, Content-Length: 5, false, NONE",
    })
    void framesByStatusMethodAndFields(int status, String field, boolean head, Framing framing) throws HeadException {
        assertEquals(
                framing,
                Wire.response("HTTP/1.1 " + status + " x\r\n" + field + "\r\n\r\n")
                        .framing(head));
    }

    @ParameterizedTest
    @CsvSource({
        "1.1 200, X: y, Content-Length: 5, true",
        "1.1 200, Connection: close, Content-Length: 5, false",
        "1.1 200, X: y, X: y, false",
        "1.1 204, X: y, X: y, true",
        "1.1 101, Connection: upgrade, X: y, false",
        "1.0 200, X: y, Content-Length: 5, false",
        "1.0 200, Connection: keep-alive, Content-Length: 5, true",
    })
    void knowsWhetherTheConnectionMayBeReused(String status, String one, String two, boolean reusable)
            throws HeadException {
        ResponseHead head = Wire.response("HTTP/" + status + " x\r\n" + one + "\r\n" + two + "\r\n\r\n");
        assertEquals(reusable, head.reusable(false));
    }

    @ParameterizedTest
    @CsvSource({"100, true", "103, true", "101, false", "200, false"})
    void knowsInterimResponses(int status, boolean interim) throws HeadException {
        assertEquals(interim, Wire.response("HTTP/1.1 " + status + " x\r\n\r\n").isInterim());
    }

    private static Stream<Wire.Case> accepted() {
        return Wire.accepted(TABLE);
    }

    private static Stream<Wire.Case> refused() {
        return Wire.refused(TABLE);
    }
}
