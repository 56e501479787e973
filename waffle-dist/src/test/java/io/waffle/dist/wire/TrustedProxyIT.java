// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Waffle tells a backend of a client that stands behind a trusted proxy. */
@On(Setup.TRUSTING)
final class TrustedProxyIT {
    private static final String SAID =
            "X-Forwarded-For: 1.1.1.1, 2.2.2.2\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: front\r\nX-Forwarded-Port: 443\r\nForwarded: for=1.1.1.1\r\n";

    private final Site site;

    TrustedProxyIT(Site site) {
        this.site = site;
    }

    @Test
    @DisplayName("B2 the peer is put behind the addresses a trusted proxy gave")
    void appended() {
        String all = String.join(", ", from("127.0.0.2", SAID).values("X-Forwarded-For"));
        assertEquals("1.1.1.1, 2.2.2.2, 127.0.0.2", all);
    }

    @Test
    @DisplayName("B4 the first address outside the trusted network is a stranger")
    void outside() {
        Head seen = from("127.0.0.4", SAID);
        assertEquals(List.of("127.0.0.4"), seen.values("X-Forwarded-For"));
        assertEquals(List.of("http"), seen.values("X-Forwarded-Proto"));
        assertEquals(List.of(), seen.values("Forwarded"));
    }

    @Test
    @DisplayName("B6 what a trusted proxy says of the client is kept")
    void believed() {
        Head seen = from("127.0.0.1", SAID);
        assertEquals(List.of("https"), seen.values("X-Forwarded-Proto"));
        assertEquals(List.of("front"), seen.values("X-Forwarded-Host"));
        assertEquals(List.of("443"), seen.values("X-Forwarded-Port"));
        assertEquals(List.of("for=1.1.1.1"), seen.values("Forwarded"));
    }

    @Test
    @DisplayName("B6 what a trusted proxy leaves out is filled in")
    void filledIn() {
        Head seen = from("127.0.0.1", "");
        assertEquals(List.of("127.0.0.1"), seen.values("X-Forwarded-For"));
        assertEquals(List.of("http"), seen.values("X-Forwarded-Proto"));
        assertEquals(List.of("waffle.test"), seen.values("X-Forwarded-Host"));
    }

    @Test
    @DisplayName("B7 an address that is none, from a trusted proxy, is no error")
    void notAnAddress() {
        String all = String.join(
                ", ", from("127.0.0.1", "X-Forwarded-For: unknown, @\r\n").values("X-Forwarded-For"));
        assertEquals("unknown, @, 127.0.0.1", all);
    }

    @Test
    @DisplayName("B14 what a trusted proxy says by other names passes, but not in spellings that deceive")
    void otherNames() {
        Head seen = from("127.0.0.1", "X-Real-IP: 1.1.1.1\r\nClient-Cert: :c:\r\nX_Forwarded_For: 1.1.1.1\r\n");
        assertEquals(List.of("1.1.1.1"), seen.values("X-Real-IP"));
        assertEquals(List.of(":c:"), seen.values("Client-Cert"));
        assertEquals(List.of(), seen.values("X_Forwarded_For"));
    }

    @Test
    @DisplayName("B8 the port is that of the host and scheme a trusted proxy was asked for")
    void port() {
        String said = "X-Forwarded-Proto: https, http\r\nX-Forwarded-Host: front, back:81\r\n";
        assertEquals(List.of("443"), from("127.0.0.1", said).values("X-Forwarded-Port"));
        assertEquals(
                List.of("8443"),
                from("127.0.0.1", said.replace("front", "front:8443")).values("X-Forwarded-Port"));
    }

    private Head from(String address, String fields) {
        try (RawClient client = RawClient.from(address, site.port())) {
            Response response = client.exchange("GET / HTTP/1.1\r\nHost: waffle.test\r\n" + fields + "\r\n");
            assertEquals(200, response.status());
            return site.backend().next().head();
        }
    }
}
