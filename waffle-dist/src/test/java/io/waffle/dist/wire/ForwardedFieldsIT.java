// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Waffle tells a backend of a client it does not trust. */
@On(Setup.DEFAULT)
final class ForwardedFieldsIT {
    private final Site site;

    ForwardedFieldsIT(Site site) {
        this.site = site;
    }

    @Test
    @DisplayName("B1 X-Forwarded-For is the address of the peer")
    void peerAddress() {
        try (RawClient client = RawClient.from("127.9.8.7", site.port())) {
            assertEquals(200, client.exchangeGet("/").status());
        }
        assertEquals(List.of("127.9.8.7"), site.backend().next().head().values("X-Forwarded-For"));
    }

    @Test
    @DisplayName("B3 several X-Forwarded-For lines of a stranger become the one of Waffle")
    void severalLines() {
        Head seen = forwarded("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2, 3.3.3.3\r\n");
        assertEquals(List.of("127.0.0.1"), seen.values("X-Forwarded-For"));
    }

    @Test
    @DisplayName("B6 what a stranger says of himself is replaced, and Forwarded removed")
    void strangersAreNotBelieved() {
        Head seen = forwarded(
                "X-Forwarded-For: 1.1.1.1\r\nx-forwarded-proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\nForwarded: for=1.1.1.1\r\n");
        assertEquals(List.of("127.0.0.1"), seen.values("X-Forwarded-For"));
        assertEquals(List.of("http"), seen.values("X-Forwarded-Proto"));
        assertEquals(List.of("waffle.test"), seen.values("X-Forwarded-Host"));
        assertEquals(List.of("80"), seen.values("X-Forwarded-Port"));
        assertFalse(seen.has("Forwarded"));
    }

    @Test
    @DisplayName("B8 proto is the listener's, host and port are what the client asked for")
    void whatWasAskedFor() {
        Head seen = forwarded("");
        assertEquals(List.of("http"), seen.values("X-Forwarded-Proto"));
        assertEquals(List.of("waffle.test"), seen.values("X-Forwarded-Host"));
        assertEquals(List.of("80"), seen.values("X-Forwarded-Port"));
        assertEquals("8443", port("GET / HTTP/1.1\r\nHost: h:8443\r\n\r\n"));
        assertEquals("80", port("GET / HTTP/1.1\r\nHost: h:\r\n\r\n"));
        assertEquals("80", port("GET / HTTP/1.1\r\nHost: [::81]\r\n\r\n"));
        assertEquals("82", port("GET http://[::81]:82/ HTTP/1.1\r\nHost: h:1\r\n\r\n"));
        assertEquals(Integer.toString(site.port()), port("GET / HTTP/1.0\r\n\r\n"));
    }

    private String port(String request) {
        assertEquals(200, site.exchange(request).status());
        return site.backend().next().head().value("X-Forwarded-Port").orElseThrow();
    }

    @Test
    @DisplayName("B10 no User-Agent is invented, and one is not changed")
    void userAgent() {
        assertFalse(forwarded("").has("User-Agent"));
        assertEquals(
                List.of("probe/1 (x)"), forwarded("User-Agent: probe/1 (x)\r\n").values("User-Agent"));
    }

    @Test
    @DisplayName("B11 Host is passed on as received")
    void hostIsKept() {
        assertEquals(
                200,
                site.exchange("GET / HTTP/1.1\r\nhOST: Some.Host:81\r\n\r\n").status());
        assertEquals(List.of("Some.Host:81"), site.backend().next().head().values("Host"));
    }

    @Test
    @DisplayName("B13 a name with an underscore is left out")
    void underscores() {
        Head seen = forwarded("X_Forwarded_For: 1.1.1.1\r\nUnder_Score: 1\r\nX-A.b: 2\r\n");
        assertEquals(List.of("127.0.0.1"), seen.values("X-Forwarded-For"));
        assertFalse(seen.has("X_Forwarded_For"));
        assertFalse(seen.has("Under_Score"));
        assertEquals(List.of("2"), seen.values("X-A.b"));
    }

    @Test
    @DisplayName("rule 13 Via names Waffle, after those who came before it")
    void via() {
        String via = "1\\.1 waffle-[0-9a-f]{8}";
        assertTrue(forwarded("").value("Via").orElseThrow().matches(via));
        String all = String.join(", ", forwarded("Via: 1.0 fred\r\n").values("Via"));
        assertTrue(all.matches("1\\.0 fred, " + via), all);
    }

    @Test
    @DisplayName("rule 4 order, letter case, duplicates, empty and 8-bit values of fields are kept")
    void fieldsAreKept() {
        String sent = "x-b: 1\r\nX-A: \u00e9\u00ff\r\nX-b: 2\r\nX-Empty:\r\nx-B:3\r\n";
        List<Field> seen = forwarded(sent).fields().stream()
                .filter(field -> field.name().matches("(?i)x-(a|b|empty)"))
                .toList();
        assertEquals(
                List.of(
                        new Field("x-b", "1"),
                        new Field("X-A", "\u00e9\u00ff"),
                        new Field("X-b", "2"),
                        new Field("X-Empty", ""),
                        new Field("x-B", "3")),
                seen);
    }

    private Head forwarded(String fields) {
        Response response = site.exchange("GET / HTTP/1.1\r\nHost: waffle.test\r\n" + fields + "\r\n");
        assertEquals(200, response.status());
        return site.backend().next().head();
    }
}
