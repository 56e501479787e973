// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that belong to one connection end there; all others pass. */
@On(Setup.DEFAULT)
final class HopByHopIT {
    private final Site site;

    HopByHopIT(Site site) {
        this.site = site;
    }

    @Test
    @DisplayName("A1 a request field named in Connection is removed, with Connection itself; the others stay")
    void namedRequestFieldsAreRemoved() {
        Head seen = forwarded("Connection: close, X-Hop\r\nX-Hop: 1\r\nX-End: 2\r\n");
        assertFalse(seen.has("X-Hop"));
        assertFalse(seen.lists("Connection", "X-Hop"));
        assertEquals(List.of("2"), seen.values("X-End"));
    }

    @Test
    @DisplayName("A2 a response field named in Connection is removed")
    void namedResponseFieldsAreRemoved() {
        Head seen = returned("Connection: X-Resp\r\nX-Resp: v\r\nX-End: 2\r\n");
        assertFalse(seen.has("X-Resp"));
        assertFalse(seen.lists("Connection", "X-Resp"));
        assertEquals(List.of("2"), seen.values("X-End"));
    }

    @ParameterizedTest
    @DisplayName(
            "A3 in any spelling of Connection, over several lines, the named request fields go and the others stay")
    @ValueSource(
            strings = {
                "Connection: X-Hop, X-Two\r\n",
                "Connection: X-Hop\r\nConnection: X-Two\r\n",
                "connection: x-hOP,x-tWO\r\n",
                "CONNECTION: ,, X-Hop ,, \t X-Two ,\r\n",
                "Connection:X-Two,X-Hop,X-Two\r\n",
                "Connection: keep-alive\r\nConnection: X-Two\r\nConnection: x-hop\r\n",
                "Connection: close\r\nCONNection: X-hop\t,\tX-two\r\n"
            })
    void spellingsInRequests(String connection) {
        Head seen = forwarded(connection + "X-Hop: 1\r\nX-Extension: stays\r\nx-two: 2\r\nX-Ho: 3\r\n");
        assertFalse(seen.has("X-Hop"));
        assertFalse(seen.has("X-Two"));
        assertEquals(List.of("stays"), seen.values("X-Extension"));
        assertEquals(List.of("3"), seen.values("X-Ho"));
    }

    @ParameterizedTest
    @DisplayName(
            "A3 in any spelling of Connection, over several lines, the named response fields go and the others stay")
    @ValueSource(
            strings = {
                "Connection: X-Hop\r\nConnection: X-Two\r\n",
                "connection: x-hOP,x-tWO\r\n",
                "CONNECTION: ,, X-Hop ,, \t X-Two ,\r\n"
            })
    void spellingsInResponses(String connection) {
        Head seen = returned(connection + "X-Hop: 1\r\nX-Extension: stays\r\nx-two: 2\r\n");
        assertFalse(seen.has("X-Hop"));
        assertFalse(seen.has("X-Two"));
        assertEquals(List.of("stays"), seen.values("X-Extension"));
    }

    @Test
    @DisplayName("A4 an empty Connection removes nothing else")
    void emptyConnection() {
        assertEquals(List.of("1"), forwarded("Connection:\r\nX-Foo: 1\r\n").values("X-Foo"));
    }

    @Test
    @DisplayName("A5 the fields of a connection are removed from a request though nothing names them")
    void knownRequestFieldsAreRemoved() {
        List<String> names =
                List.of("Proxy-Connection", "Keep-Alive", "Upgrade", "Proxy-Authenticate", "Proxy-Authorization");
        Head seen = forwarded(String.join(": foo\r\n", names) + ": foo\r\n");
        for (String name : names) {
            assertFalse(seen.has(name), name);
        }
    }

    @ParameterizedTest
    @DisplayName("A6 of TE only trailers is passed on")
    @ValueSource(strings = {"TE: trailers, gzip", "TE: gzip;q=0.5 ,trailers", "TE: deflate\r\nTE: Trailers"})
    void teTrailers(String te) {
        assertEquals(
                List.of("trailers"),
                forwarded(te + "\r\nConnection: TE\r\n").values("TE").stream()
                        .map(value -> value.toLowerCase(Locale.ROOT))
                        .toList());
    }

    @ParameterizedTest
    @DisplayName("A6 any other TE is removed")
    @ValueSource(strings = {"TE: gzip", "TE: trailers;q=0.5", "TE:"})
    void otherTe(String te) {
        assertFalse(forwarded(te + "\r\nConnection: TE\r\n").has("TE"));
    }

    @Test
    @DisplayName("A7 the fields of a connection are removed from a response though nothing names them")
    void knownResponseFieldsAreRemoved() {
        Head seen = returned("Keep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nProxy-Connection: x\r\n");
        assertFalse(seen.has("Keep-Alive"));
        assertFalse(seen.has("Proxy-Authenticate"));
        assertFalse(seen.has("Proxy-Connection"));
    }

    @Test
    @DisplayName("A9 an Upgrade in an answer that is no 101 offers nothing and disturbs nothing")
    void upgradeOffered() {
        site.backend().answer("HTTP/1.1 426 Upgrade Required\r\nUpgrade: tls/1.3\r\nContent-Length: 2\r\n\r\nno");
        try (RawClient client = site.client()) {
            Response response = client.exchangeGet("/");
            assertEquals(426, response.status());
            assertEquals("no", response.text());
            assertEquals(426, client.exchangeGet("/").status());
        }
    }

    @Test
    @DisplayName("A10 Connection cannot name away what Waffle sets, nor what routes, frames or authenticates")
    void whatCannotBeNamed() {
        Head seen = forwarded("Connection: close, X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host,"
                + " X-Forwarded-Port, Via, Host, Cookie, Content-Length\r\nCookie: a=b\r\nContent-Length: 0\r\n");
        for (String name : List.of("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port")) {
            assertEquals(1, seen.values(name).size(), name);
        }
        assertTrue(seen.value("Via").orElseThrow().startsWith("1.1 waffle-"));
        assertEquals(List.of("waffle.test"), seen.values("Host"));
        assertEquals(List.of("a=b"), seen.values("Cookie"));
        assertEquals(List.of("0"), seen.values("Content-Length"));
    }

    @Test
    @DisplayName("A11 a GET without a body gets no framing field")
    void noFramingWithoutBody() {
        Head seen = forwarded("");
        assertFalse(seen.has("Content-Length"));
        assertFalse(seen.has("Transfer-Encoding"));
    }

    @Test
    @DisplayName("A12 a field that only looks like Trailer passes")
    void misleadingTrailers() {
        assertEquals(
                List.of("not a special header field"),
                returned("Trailers: not a special header field\r\n").values("Trailers"));
    }

    private Head forwarded(String fields) {
        assertEquals(
                200,
                site.exchange("GET / HTTP/1.1\r\nHost: waffle.test\r\n" + fields + "\r\n")
                        .status());
        return site.backend().next().head();
    }

    private Head returned(String fields) {
        site.backend().answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + fields + "\r\n");
        return site.get("/").head();
    }
}
