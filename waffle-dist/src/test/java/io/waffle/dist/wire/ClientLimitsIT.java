// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may come, how often, and with how much at once. */
final class ClientLimitsIT {

    private final Path folder;

    ClientLimitsIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("N1 past its rate a client gets a 429 that says when, and keeps its connection; others are served")
    void rate() {
        try (Site site = Site.open(
                        1,
                        "-limit-rate",
                        "3/h",
                        "-access-log",
                        "-",
                        "-access-log-format",
                        "{status} {fault} {ended_by}");
                RawClient client = site.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.exchangeGet("/").status());
            }
            Response refused = client.exchangeGet("/");
            assertEquals(429, refused.status());
            assertFalse(refused.announcesClose());
            int seconds = Integer.parseInt(refused.value("Retry-After").orElseThrow());
            assertTrue(seconds > 1_100 && seconds <= 1_200, () -> "Retry-After: " + seconds);
            Response again = client.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
            assertEquals(429, again.status());
            assertEquals(429, client.exchangeGet("/").status());
            site.waffle().awaitOutput(Pattern.compile("429 rate_limited waffle"));
            try (RawClient other = RawClient.from("127.0.0.9", site.port())) {
                assertEquals(200, other.exchangeGet("/").status());
            }
        }
    }

    @Test
    @DisplayName("N1 a client that has waited is served again")
    void waited() throws Exception {
        try (Site site = Site.open(1, "-limit-rate", "1/s");
                RawClient client = site.client()) {
            client.exchangeGet("/");
            Response response = client.exchangeGet("/");
            while (response.status() == 429) {
                assertEquals("1", response.value("Retry-After").orElseThrow());
                Thread.sleep(50);
                response = client.exchangeGet("/");
            }
            assertEquals(200, response.status());
        }
    }

    @Test
    @DisplayName("N1 a page of the operator's says when, too")
    void page() throws IOException {
        Files.writeString(folder.resolve("slow.html"), "slow down");
        Path file = write("errors: {429: slow.html}\nlimits: {rate: 1/h}\n");
        try (Site site = Site.open(1, "-config", file.toString());
                RawClient client = site.client()) {
            assertEquals(200, client.exchangeGet("/").status());
            Response refused = client.exchangeGet("/");
            assertEquals(429, refused.status());
            assertEquals("slow down", refused.text());
            assertTrue(refused.value("Retry-After").isPresent());
        }
    }

    @Test
    @DisplayName("N2 a rate counts by field, cookie or route; who leaves out what is counted is counted by address")
    void keys() throws IOException {
        Path file = write("""
                limits:
                  rates:
                    tenant: {rate: 1/h, burst: 1, key: "header:X-Tenant"}
                    session: {rate: 1/h, key: "cookie:sid"}
                    whole: {rate: 2/h, key: route}
                routes:
                  - {name: tenants, path: /tenant, limits: {rate: tenant}}
                  - {name: more-tenants, path: /more, limits: {rate: tenant}}
                  - {name: sessions, path: /session, limits: {rate: session}}
                  - {name: first, path: /first, limits: {rate: whole}}
                  - {name: second, path: /second, limits: {rate: whole}}
                  - {name: free, path: /free}
                """);
        try (Site site = Site.open(1, "-config", file.toString());
                RawClient client = site.client()) {
            assertEquals(200, status(client, "/tenant", "X-Tenant: a\r\n"));
            assertEquals(200, status(client, "/tenant", "X-Tenant: b\r\n"));
            assertEquals(429, status(client, "/more", "X-Tenant: a\r\n"));
            assertEquals(200, status(client, "/tenant", ""));
            assertEquals(429, status(client, "/tenant", ""));
            assertEquals(200, status(client, "/session", "Cookie: x=1; sid=one\r\n"));
            assertEquals(200, status(client, "/session", "Cookie: sid=two\r\n"));
            assertEquals(429, status(client, "/session", "Cookie: a=b\r\nCookie: sid=one; c=d\r\n"));
            assertEquals(200, status(client, "/first", ""));
            assertEquals(200, status(client, "/first", ""));
            assertEquals(429, status(client, "/first", ""));
            assertEquals(200, status(client, "/second", ""));
            assertEquals(200, status(client, "/free", ""));
        }
    }

    @Test
    @DisplayName("N3 a rate that is only tried out refuses nobody and is told of; a reload forgives nobody")
    void triedOut() throws IOException {
        Path file = write("limits: {rate: mine, rates: {mine: {rate: 1/h, mode: log}}}\n");
        try (Site site = Site.open(1, "-config", file.toString());
                RawClient client = site.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.exchangeGet("/").status());
            }
            site.waffle()
                    .awaitOutput(Pattern.compile(
                            "rate mine: a request of 127\\.0\\.0\\.1 by route default would be refused"));
            write("limits: {rate: mine, rates: {mine: {rate: 1/h}}}\n");
            site.waffle().signal("HUP").awaitOutput(Pattern.compile("reloaded"));
            assertEquals(429, client.exchangeGet("/").status());
        }
    }

    @Test
    @DisplayName("N4 clients that are denied, or not among those allowed, get a 403; a trusted proxy's word counts")
    void access() throws IOException {
        Path list = Files.writeString(folder.resolve("list.txt"), "# of today\n127.0.0.8/31\n");
        Path file = write("""
                access: {deny_file: [list.txt]}
                forwarding: {trusted_proxies: [127.0.0.2]}
                routes:
                  - {name: all}
                  - {name: inner, path: /inner, access: {allow: [127.0.0.0/29, 192.0.2.0/24], deny: [127.0.0.3]}}
                """);
        try (Site site = Site.open(1, "-config", file.toString())) {
            assertEquals(200, statusFrom("127.0.0.1", site, "/", ""));
            assertEquals(403, statusFrom("127.0.0.8", site, "/", ""));
            assertEquals(403, statusFrom("127.0.0.9", site, "/", ""));
            assertEquals(200, statusFrom("127.0.0.1", site, "/inner", ""));
            assertEquals(403, statusFrom("127.0.0.3", site, "/inner", ""));
            assertEquals(403, statusFrom("127.0.0.10", site, "/inner", ""));
            assertEquals(200, statusFrom("127.0.0.10", site, "/", ""));
            assertEquals(200, statusFrom("127.0.0.2", site, "/inner", "X-Forwarded-For: 192.0.2.7\r\n"));
            assertEquals(403, statusFrom("127.0.0.2", site, "/inner", "X-Forwarded-For: 198.51.100.1\r\n"));
            Files.writeString(list, "127.0.0.1\n");
            site.waffle().signal("HUP").awaitOutput(Pattern.compile("reloaded"));
            assertEquals(403, statusFrom("127.0.0.1", site, "/", ""));
            assertEquals(200, statusFrom("127.0.0.8", site, "/", ""));
            Files.writeString(list, "127.0.0.1\nnonsense\n");
            site.waffle()
                    .signal("HUP")
                    .awaitOutput(Pattern.compile("list\\.txt:2: nonsense \\(expected: an address or a block"));
            assertEquals(403, statusFrom("127.0.0.1", site, "/", ""));
        }
    }

    @Test
    @DisplayName("N5 a client has no more connections than it may; those that end make room")
    void connections() {
        try (Site site = Site.open(1, "-limit-client-connections", "2", "-trusted-proxies", "127.0.0.5")) {
            RawClient first = RawClient.from("127.0.0.9", site.port());
            try (RawClient second = RawClient.from("127.0.0.9", site.port())) {
                assertEquals(200, first.exchangeGet("/").status());
                assertEquals(200, second.exchangeGet("/").status());
                try (RawClient third = RawClient.from("127.0.0.9", site.port())) {
                    third.awaitEnd();
                }
                assertEquals(200, statusFrom("127.0.0.1", site, "/", ""));
                for (int i = 0; i < 2; i++) {
                    try (RawClient a = RawClient.from("127.0.0.5", site.port());
                            RawClient b = RawClient.from("127.0.0.5", site.port());
                            RawClient c = RawClient.from("127.0.0.5", site.port())) {
                        assertEquals(200, a.exchangeGet("/").status());
                        assertEquals(200, b.exchangeGet("/").status());
                        assertEquals(200, c.exchangeGet("/").status());
                    }
                }
                first.close();
                assertTrue(Eventually.holds(() -> serves("127.0.0.9", site)));
                site.waffle().awaitOutput(Pattern.compile("127\\.0\\.0\\.9 has as many connections as it may"));
            }
        }
    }

    @Test
    @DisplayName("N6 a client has no more requests in flight than it may")
    void inFlight() throws Exception {
        try (Site site = Site.open(1, "-limit-client-in-flight", "1");
                RawClient slow = site.client()) {
            CountDownLatch held = new CountDownLatch(1);
            site.backend().on(request -> {
                if (request.head().target().equals("/slow")) {
                    held.await();
                }
                request.connection().answer(200, "ok");
            });
            slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            site.backend().next();
            try (RawClient client = site.client()) {
                Response refused = client.exchangeGet("/");
                assertEquals(429, refused.status());
                assertEquals("1", refused.value("Retry-After").orElseThrow());
                assertEquals(200, statusFrom("127.0.0.9", site, "/", ""));
                held.countDown();
                assertEquals(200, slow.read().status());
                assertTrue(Eventually.holds(() -> client.exchangeGet("/").status() == 200));
                assertEquals(200, client.exchangeGet("/").status());
            }
        }
    }

    private static boolean serves(String address, Site site) {
        try {
            return statusFrom(address, site, "/", "") == 200;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static int statusFrom(String address, Site site, String path, String fields) {
        try (RawClient client = RawClient.from(address, site.port())) {
            return status(client, path, fields);
        }
    }

    private static int status(RawClient client, String path, String fields) {
        return client.exchange("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n")
                .status();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("waffle.yaml"), yaml);
    }
}
