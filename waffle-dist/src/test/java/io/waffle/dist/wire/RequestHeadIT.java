// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Field lines, Host, and the bounds of a head. */
@On(Setup.DEFAULT)
final class RequestHeadIT {
    private final Site site;

    RequestHeadIT(Site site) {
        this.site = site;
    }

    @ParameterizedTest
    @DisplayName("rule 4 a malformed field line: 400")
    @ValueSource(
            strings = {
                "X-A : 1\r\n",
                "X-A\t: 1\r\n",
                "X-A\r\n",
                ": 1\r\n",
                "X A: 1\r\n",
                "X-A: 1\r\n folded\r\n",
                "X-A: 1\r\n\tfolded\r\n",
                "X-A: a\u0000b\r\n",
                "X-A: a\u0001b\r\n",
                "X-A: a\u007fb\r\n",
                "X-A: a\rb\r\n",
                "X-A: 1\nX-B: 2\r\n",
                "X-(A): 1\r\n",
                "X-\u00e9: 1\r\n",
                " X-A: 1\r\n"
            })
    void fieldLines(String line) {
        site.refused(400, "GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n");
    }

    @ParameterizedTest
    @DisplayName("rule 1 a head whose lines end with a bare LF or CR: 400")
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: h\n\n",
                "GET / HTTP/1.1\r\nHost: h\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n\n",
                "GET / HTTP/1.1\rHost: h\r\r",
                "GET / HTTP/1.1\r\r\nHost: h\r\n\r\n"
            })
    void lineEnds(String request) {
        site.refused(400, request);
    }

    @ParameterizedTest
    @DisplayName("rule 5 Host missing, doubled or invalid: 400")
    @ValueSource(
            strings = {
                "",
                "Host: a\r\nHost: b\r\n",
                "Host: a\r\nhost: a\r\n",
                "Host: a b\r\n",
                "Host: a/b\r\n",
                "Host: a@b\r\n",
                "Host: a, b\r\n",
                "Host: [::1\r\n",
                "Host: h:99999\r\n",
                "Host: h:x\r\n",
                "Host: h?q\r\n",
                "Host: h#f\r\n"
            })
    void hosts(String host) {
        site.refused(400, "GET / HTTP/1.1\r\n" + host + "\r\n");
    }

    @Test
    @DisplayName("rule 5 HTTP/1.0 needs no Host")
    void hostOfOldClients() {
        assertEquals(200, site.exchange("GET / HTTP/1.0\r\n\r\n").status());
    }

    @Test
    @DisplayName("M2 a request line longer than 8 KiB: 414")
    void longLine() {
        assertEquals(200, site.get("/" + "x".repeat(8_000)).status());
        Response refused;
        try (RawClient client = site.client()) {
            refused = client.send("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: h\r\n\r\n")
                    .read();
        }
        assertEquals(414, refused.status());
        assertTrue(refused.announcesClose());
    }

    @Test
    @DisplayName("M2 a head larger than 32 KiB: 431")
    void largeHead() {
        String field = "X-Large: " + "x".repeat(15_000) + "\r\n";
        assertEquals(
                200,
                site.exchange("GET / HTTP/1.1\r\nHost: h\r\n" + field + field + "\r\n")
                        .status());
        Response refused = site.exchange("GET / HTTP/1.1\r\nHost: h\r\n" + field + field + field + "\r\n");
        assertEquals(431, refused.status());
        assertTrue(refused.announcesClose());
    }

    @Test
    @DisplayName("M2 a hundred fields pass, one more gives 431")
    void manyFields() {
        String line = "X-A: 1\r\n";
        assertEquals(
                200,
                site.exchange("GET / HTTP/1.1\r\nHost: h\r\n" + line.repeat(99) + "\r\n")
                        .status());
        assertEquals(
                431,
                site.exchange("GET / HTTP/1.1\r\nHost: h\r\n" + line.repeat(100) + "\r\n")
                        .status());
    }

    @Test
    @DisplayName("rule 1 a head that comes byte by byte is read as one that comes at once")
    void byteByByte() {
        try (RawClient client = site.client()) {
            String request = "GET /slow HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n\r\n";
            request.chars().forEach(c -> client.send(Character.toString(c)));
            assertEquals(200, client.read().status());
            assertEquals("/slow", site.backend().next().head().target());
        }
    }

    @Test
    @DisplayName("rule 14 an expectation other than 100-continue: 417")
    void expectation() {
        assertEquals(
                417,
                site.exchange("GET / HTTP/1.1\r\nHost: h\r\nExpect: 200-maybe\r\n\r\n")
                        .status());
        site.assertNothingCame();
    }

    @Test
    @DisplayName("rule 15 OPTIONS with Max-Forwards 0 is answered by Waffle; a larger one is lowered")
    void maxForwards() {
        Response own = site.exchange("OPTIONS / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 0\r\n\r\n");
        assertTrue(own.status() < 300, own.head().raw());
        site.assertNothingCame();
        assertEquals(
                200,
                site.exchange("OPTIONS / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 5\r\n\r\n")
                        .status());
        assertEquals("4", site.backend().next().head().value("Max-Forwards").orElseThrow());
        assertEquals(
                200,
                site.exchange("GET / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 5\r\n\r\n")
                        .status());
        assertEquals("5", site.backend().next().head().value("Max-Forwards").orElseThrow());
    }
}
