// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.waffle.dist.WaffleProcess;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an operator can change in heads on their way. */
final class HeadEditsIT {

    private static final String[] ALL = {
        "-underscores",
        "pass",
        "-raw-targets",
        "encode",
        "-forwarded",
        "-via=false",
        "-leniency",
        "-request-header-set",
        "X-Environment=production",
        "-request-header-set",
        "X-Forwarded-Proto=https",
        "-request-header-add",
        "X-Tag=a, b",
        "-request-header-remove",
        "X-Debug,Cookie,X-Forwarded-Port",
        "-response-header-set",
        "Server=s",
        "-response-header-add",
        "Set-Cookie=seen=1; Path=/",
        "-response-header-remove",
        "X-Powered-By"
    };

    @Test
    @DisplayName("B9 Forwarded is written where that is asked for")
    void forwarded() {
        try (Site site = Site.open(1, Options.with(ALL, "-trusted-proxies", "127.0.0.2"))) {
            String get = "GET / HTTP/1.1\r\nHost: h:81\r\nForwarded: for=1.1.1.1\r\n\r\n";
            assertEquals(List.of("for=127.0.0.1;host=\"h:81\";proto=http"), from("127.0.0.1", get, site));
            assertEquals(List.of("for=1.1.1.1, for=127.0.0.2;host=\"h:81\";proto=http"), from("127.0.0.2", get, site));
        }
    }

    private static List<String> from(String address, String request, Site site) {
        try (RawClient client = RawClient.from(address, site.port())) {
            assertEquals(200, client.exchange(request).status());
            return site.backend().next().head().values("Forwarded");
        }
    }

    @Test
    @DisplayName(
            "B16, B17, B13 fields are added, set and removed, Via is left out, underscores pass but where they deceive")
    void requests() {
        try (Site site = Site.open(1, ALL)) {
            String fields =
                    "X-Environment: forged\r\nx-tag: mine\r\nx-DEBUG: 1\r\nCookie: a=b\r\nA_b: 1\r\nX_Real_IP: forged\r\n";
            assertEquals(
                    200,
                    site.exchange("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n")
                            .status());
            Head seen = site.backend().next().head();
            assertEquals(List.of("production"), seen.values("X-Environment"));
            assertEquals(List.of("https"), seen.values("X-Forwarded-Proto"));
            assertEquals(List.of("mine", "a, b"), seen.values("X-Tag"));
            assertEquals(List.of("1"), seen.values("A_b"));
            for (String gone : List.of("X-Debug", "Cookie", "X-Forwarded-Port", "X_Real_IP", "Via")) {
                assertFalse(seen.has(gone), gone);
            }
            site.assertNoFaults();
        }
    }

    @Test
    @DisplayName("B16 fields of responses are added, set and removed")
    void responses() {
        try (Site site = Site.open(1, ALL)) {
            site.backend()
                    .answer(
                            "HTTP/1.1 200 OK\r\nSERVER: x\r\nServer: y\r\nX-Powered-By: z\r\nContent-Length: 0\r\n\r\n");
            Head head = site.get("/").head();
            assertEquals(List.of("s"), head.values("Server"));
            assertEquals(List.of("seen=1; Path=/"), head.values("Set-Cookie"));
            assertFalse(head.has("X-Powered-By"));
        }
    }

    @Test
    @DisplayName("M11 the limit on heads holds up to its last byte, with all that is added, before a backend is asked")
    void lastByte() {
        try (Site site = Site.openPrefixed("/" + "p".repeat(500), Options.with(ALL, "-limit-head", "60KiB"))) {
            String host = "h".repeat(1024);
            String start = "GET / HTTP/1.1\r\nHost: " + host + "\r\nX: ";
            String filler = "x".repeat(60 * 1024 - start.length() - 4);
            assertEquals(200, site.exchange(start + filler + "\r\n\r\n").status());
            site.forget();
            site.refused(431, start + filler + "x\r\n\r\n");
        }
    }

    @Test
    @DisplayName(
            "C14 bytes of a target beyond ASCII are percent-encoded where that is asked for, with a path in front and in a query")
    void rawTargets() {
        try (Site site = Site.openPrefixed("/p", ALL)) {
            assertEquals(
                    200,
                    site.exchange("GET /\u00c3\u00bc/\u00e9?\u00ff=%zz HTTP/1.1\r\nHost: h\r\n\r\n")
                            .status());
            assertEquals("/p/%C3%BC/%E9?%FF=%zz", site.backend().next().head().target());
            assertEquals(
                    400,
                    site.exchange("GET /\u00c0\u00ae\u00c0\u00ae/ HTTP/1.1\r\nHost: h\r\n\r\n")
                            .status());
        }
    }

    @Test
    @DisplayName("E18 lines of a response that end in LF alone are taken where that is asked for, and clients get CRLF")
    void bareLineFeeds() {
        try (Site site = Site.open(1, ALL)) {
            site.backend().answer("HTTP/1.1 200 OK\nX-A:1 \nX-B: 2\r\nContent-Length: 2\n\nok");
            Response response = site.get("/");
            assertEquals("ok", response.text());
            assertEquals(List.of("1"), response.head().values("X-A"));
            assertFalse(
                    response.head().raw().replace("\r\n", "").contains("\n"),
                    response.head().raw());
        }
    }

    @Test
    @DisplayName("B13 a name with an underscore is refused where that is asked for")
    void underscoresRefused() {
        try (Site site = Site.open(1, "-underscores", "refuse")) {
            site.refused(400, "GET / HTTP/1.1\r\nHost: h\r\nA_b: 1\r\n\r\n");
            site.refused(400, "GET / HTTP/1.1\r\nHost: h\r\nX.Forwarded.For: 1\r\n\r\n");
        }
    }

    @Test
    @DisplayName("what may not be changed, or does not fit, is a mistake in the configuration")
    void mistakes() {
        for (List<String> flags : List.of(
                List.of("-request-header-set", "Content-Length=1"),
                List.of("-request-header-remove", "host"),
                List.of("-request-header-add", "A B=1"),
                List.of("-response-header-add", "A=\u00e9"),
                List.of("-request-header-add", "A=1", "-request-header-add", "A=2"),
                List.of("-limit-head", "60KiB", "-request-header-add", "A=" + "x".repeat(1000)))) {
            String[] check =
                    Options.with(new String[] {"-check", "-backends", "http://h"}, flags.toArray(String[]::new));
            assertEquals(2, WaffleProcess.run(check).code(), flags::toString);
        }
        String[] roomEnough = {"-check", "-backends", "http://h", "-request-header-add", "A=" + "x".repeat(1000)};
        assertEquals(0, WaffleProcess.run(roomEnough).code());
    }
}
