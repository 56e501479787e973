// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cookie that keeps clients with their backends: where it comes, what it looks like, and which are believed. */
final class StickyCookieIT {

    private final Path folder;

    StickyCookieIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName(
            "it comes with the final response or the switch, never with an interim one, beside cookies of the backend")
    void whichResponses() {
        try (Site site = Site.open(1, Options.STICKY)) {
            String hints = "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";
            String last = "HTTP/1.1 404 Not Found\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nSet-Cookie: w=c\r\n\r\n";
            site.backend().answer(hints + last);
            Response response = site.get("/");
            assertEquals(404, response.status());
            assertEquals(1, response.interim().size());
            assertEquals(List.of(), response.interim().getFirst().values("Set-Cookie"));
            List<String> cookies = response.head().values("Set-Cookie");
            assertEquals(List.of("a=b", "w=c"), cookies.subList(0, 2));
            assertTrue(Browser.SET.matcher(cookies.get(2)).matches(), cookies::toString);

            site.backend().on(request -> request.connection()
                    .write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
                    .awaitEnd());
            try (RawClient client = site.client()) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
                Head head = client.readHead();
                assertEquals(101, head.status());
                assertTrue(Browser.SET
                        .matcher(head.value("Set-Cookie").orElseThrow())
                        .matches());
            }
            assertEquals(
                    List.of(),
                    site.exchange("GET / HTTP/9.9\r\nHost: h\r\n\r\n").head().values("Set-Cookie"));
        }
    }

    @Test
    @DisplayName(
            "a 304 sets none, and a response for shared caches is kept from them if it sets one, where that is asked for")
    void caches() {
        String shared = "Cache-Control: public, max-age=60\r\nCache-Control: immutable\r\n";
        String answer = "HTTP/1.1 200 OK\r\n" + shared + "Content-Length: 0\r\n\r\n";
        try (Site site = Site.open(1, Options.STICKY)) {
            site.backend().answer("HTTP/1.1 304 Not Modified\r\n" + shared + "\r\n");
            assertFalse(site.get("/").head().has("Set-Cookie"));
            site.backend().answer(answer);
            assertEquals(2, site.get("/").head().values("Cache-Control").size());
        }
        try (Site site = Site.open(1, Options.with(Options.STICKY, "-sticky-cacheable", "no_store"))) {
            site.backend().answer(answer);
            Response first = site.get("/");
            assertEquals(List.of("no-store"), first.head().values("Cache-Control"));
            String cookie = first.value("Set-Cookie").orElseThrow().split(";", 2)[0];
            Response second = site.exchange("GET / HTTP/1.1\r\nHost: h\r\nCookie: " + cookie + "\r\n\r\n");
            assertEquals(2, second.head().values("Cache-Control").size());
            site.backend().answer(answer.replace("public, ", ""));
            assertEquals(2, site.get("/").head().values("Cache-Control").size());
        }
    }

    @Test
    @DisplayName("attributes as configured; Secure over TLS, and behind a trusted proxy that says https")
    void attributes() throws IOException {
        Path certificate = TestCertificates.shared().ec().write(folder, "server");
        String key = folder.resolve("server.key").toString();
        String[] all = {
            "-sticky-cookie", "__Secure-w", "-sticky-max-age", "2h", "-sticky-same-site", "none", "-sticky-path", "/app"
        };
        try (Site site = Site.open(1, Options.with(all, "-tls-cert", certificate.toString(), "-tls-key", key));
                RawClient client =
                        RawClient.overTls(site.port(), TestCertificates.shared().clientContext())) {
            String field = client.exchangeGet("/").value("Set-Cookie").orElseThrow();
            assertTrue(
                    field.matches(
                            "__Secure-w=[A-Za-z0-9_-]{22}; Path=/app; Max-Age=7200; HttpOnly; SameSite=None; Secure"),
                    field);
        }
        try (Site site = Site.open(1, Options.with(Options.STICKY, "-trusted-proxies", "127.0.0.1"))) {
            String https = site.exchange("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: https\r\n\r\n")
                    .value("Set-Cookie")
                    .orElseThrow();
            assertTrue(https.endsWith("; SameSite=Lax; Secure"), https);
            String http = site.get("/").value("Set-Cookie").orElseThrow();
            assertTrue(Browser.SET.matcher(http).matches(), http);
        }
    }

    @Test
    @DisplayName("forged, truncated, oversized, quoted and ill-formed cookies: no error, and a right one")
    void wrongCookies() {
        try (Site site = NumberedBackends.number(Site.open(3, Options.STICKY))) {
            String right = new Browser().meet(site.port());
            List<String> wrong = List.of(
                    "w=AAAAAAAAAAAAAAAAAAAAAA",
                    "w=" + right.substring(0, 21),
                    "w=" + right + "A",
                    "w=\"" + right + "\"",
                    "w=" + right + "==",
                    "w=" + "x".repeat(20_000),
                    "W=" + right,
                    "w" + right,
                    "w=; w; =; ;;; \"; w=\t",
                    "w=127.0.0.1:" + site.backend().port());
            for (String cookie : wrong) {
                Response response = Browser.get(site.port(), cookie);
                assertEquals(200, response.status(), cookie);
                assertEquals(1, response.head().values("Set-Cookie").size(), cookie);
                String value = Browser.value(response);
                Response next = Browser.get(site.port(), "w=" + value);
                assertEquals(response.text(), next.text());
                assertEquals(List.of(), next.head().values("Set-Cookie"));
            }
            site.assertNoFaults();
        }
    }

    @Test
    @DisplayName(
            "a right cookie is found among any others, in any of several lines, behind forged ones, and passed on as it came")
    void amongOthers() {
        try (Site site = NumberedBackends.number(Site.open(3, Options.STICKY))) {
            Browser browser = new Browser();
            String right = browser.meet(site.port());
            String home = browser.visit(site.port());
            site.forget();
            NumberedBackends.number(site);
            for (String cookie : List.of(
                    "a=b; w=" + right + "; c=\"d e\"",
                    "w=AAAAAAAAAAAAAAAAAAAAAA;w=" + right,
                    "w=\"" + right + "\"; w=" + right,
                    "a=\"; w=" + right,
                    "a=b\r\nCookie: w=x\r\nX: y\r\nCookie:\tw=" + right + " ")) {
                for (int i = 0; i < 4; i++) {
                    Response response = Browser.get(site.port(), cookie);
                    assertEquals(home, response.text(), cookie);
                    assertEquals(List.of(), response.head().values("Set-Cookie"), cookie);
                }
            }
            Head seen = site.backend(Integer.parseInt(home)).next().head();
            assertEquals(List.of("a=b; w=" + right + "; c=\"d e\""), seen.values("Cookie"));
        }
    }

    @Test
    @DisplayName("two instances with the same key file agree; the value depends on the key and on nothing else")
    void sharedKey() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "a key nobody would guess");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path sameKey = Files.writeString(folder.resolve("same"), "a key nobody would guess\n");
        Path otherKey = Files.writeString(folder.resolve("other"), "a key nobody has guessed");
        try (Site site = NumberedBackends.number(
                        Site.open(4, Options.with(Options.STICKY, "-sticky-key-file", key.toString())));
                WaffleProcess agrees = beside(site, "-sticky-key-file", sameKey.toString());
                WaffleProcess differs = beside(site, "-sticky-key-file", otherKey.toString())) {
            assertFalse(site.waffle().output().contains("WARN"), site.waffle()::output);
            for (int i = 0; i < 8; i++) {
                Browser browser = new Browser();
                String value = browser.meet(site.port());
                String home = browser.visit(site.port());
                assertEquals(home, browser.visit(agrees.port()));
                assertEquals(home, browser.visit(agrees.port()));
                assertEquals(1, browser.cookies());
                browser.visit(differs.port());
                assertEquals(2, browser.cookies(), "which does not know the first");
                assertNotEquals(value, browser.value());
            }
        }
    }

    @Test
    @DisplayName("two instances without a key file warn, do not know each other's cookies, and serve")
    void keysOfTheirOwn() {
        try (Site site = NumberedBackends.number(Site.open(2, Options.STICKY));
                WaffleProcess other = beside(site)) {
            for (WaffleProcess waffle : List.of(site.waffle(), other)) {
                waffle.awaitOutput(Pattern.compile("WARN.*sticky cookies have a key of this process alone"));
            }
            Browser browser = new Browser();
            browser.meet(site.port());
            String there = browser.visit(other.port());
            assertEquals(2, browser.cookies());
            assertEquals(there, browser.visit(other.port()));
            assertEquals(2, browser.cookies());
        }
    }

    @Test
    @DisplayName("a key that is missing or short, and same_site none without https, end the start with their places")
    void wrongSettings() throws IOException {
        Path small = Files.writeString(folder.resolve("small"), "fifteen bytes..\n");
        assertWrong(
                "-sticky-key-file: " + folder + "/none (expected: a file that can be read; there is none)",
                "-sticky-key-file",
                folder + "/none");
        assertWrong(
                "-sticky-key-file: " + small + " (expected: a file with a secret of 16 to 4096 bytes; it has 15 bytes)",
                "-sticky-key-file",
                small.toString());
        assertWrong("-sticky-same-site: none (expected: -tls-cert with it", "-sticky-same-site", "none");
    }

    private static void assertWrong(String message, String... flags) {
        WaffleProcess.Ended ended =
                WaffleProcess.run(Options.with(Options.with(Options.STICKY, "-backends", "http://127.0.0.1:1"), flags));
        assertEquals(2, ended.code());
        assertTrue(ended.output().contains(message), ended::output);
    }

    /** Another instance over the same backends. */
    private static WaffleProcess beside(Site site, String... flags) {
        return WaffleProcess.start(
                Options.with(Options.with(Options.STICKY, flags), "-backends", Site.urls(site.backends())));
    }
}
