// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients kept with their backends by a cookie, seen as they see it. */
final class StickyIT {

    private static final String[] STICKY = {"-sticky-cookie", "w"};

    private final Path folder;

    StickyIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName(
            "500 clients over five backends stay put; when one is gone, its clients move once, and nobody else does")
    void stayPut(String strategy) {
        try (Site site = named(Site.open(5, Options.with(STICKY, "-lb-strategy", strategy)))) {
            List<Browser> browsers = IntStream.range(0, 500)
                    .mapToObj(i -> new Browser("127.1." + i / 250 + "." + (1 + i % 250)))
                    .toList();
            List<String> homes = visit(browsers, site);
            assertEquals(5, homes.stream().distinct().count());
            // From elsewhere, in another order: neither ip-hash nor the turn may have to do with it.
            browsers.forEach(browser -> browser.move("127.0.0.1"));
            for (Browser browser : browsers.reversed()) {
                assertEquals(homes.get(browsers.indexOf(browser)), browser.visit(site.port()));
            }
            site.backend(2).close();
            List<String> moved = visit(browsers, site);
            for (int i = 0; i < browsers.size(); i++) {
                boolean gone = homes.get(i).equals("2");
                assertEquals(gone, !homes.get(i).equals(moved.get(i)));
                assertEquals(gone ? 2 : 1, browsers.get(i).cookies(), "cookies it got");
            }
            for (int round = 0; round < 3; round++) {
                assertEquals(moved, visit(browsers, site));
            }
        }
    }

    @Test
    @DisplayName("forged, truncated, oversized, quoted and ill-formed cookies: no error, and a right one")
    void wrongCookies() {
        try (Site site = named(Site.open(3, STICKY))) {
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
                Response response = get(site.port(), cookie);
                assertEquals(200, response.status(), cookie);
                assertEquals(1, response.head().values("Set-Cookie").size(), cookie);
                String value = Browser.value(response);
                Response next = get(site.port(), "w=" + value);
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
        try (Site site = named(Site.open(3, STICKY))) {
            Browser browser = new Browser();
            String right = browser.meet(site.port());
            String home = browser.visit(site.port());
            site.forget();
            named(site);
            for (String cookie : List.of(
                    "a=b; w=" + right + "; c=\"d e\"",
                    "w=AAAAAAAAAAAAAAAAAAAAAA;w=" + right,
                    "w=\"" + right + "\"; w=" + right,
                    "a=\"; w=" + right,
                    "a=b\r\nCookie: w=x\r\nX: y\r\nCookie:\tw=" + right + " ")) {
                for (int i = 0; i < 4; i++) {
                    Response response = get(site.port(), cookie);
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
        Path sameKey = Files.writeString(folder.resolve("same"), "a key nobody would guess\n");
        Path otherKey = Files.writeString(folder.resolve("other"), "a key nobody has guessed");
        try (Site site = named(Site.open(4, Options.with(STICKY, "-sticky-key-file", key.toString())));
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
        try (Site site = named(Site.open(2, STICKY));
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
    @DisplayName("attributes as configured; Secure over TLS, and behind a trusted proxy that says https")
    void attributes() throws IOException {
        Path certificate = TestCertificates.shared().ec().write(folder, "server");
        String key = folder.resolve("server.key").toString();
        String[] all = {
            "-sticky-cookie", "__Host-w", "-sticky-max-age", "2h", "-sticky-same-site", "none", "-sticky-path", "/app"
        };
        try (Site site = Site.open(1, Options.with(all, "-tls-cert", certificate.toString(), "-tls-key", key));
                RawClient client =
                        RawClient.overTls(site.port(), TestCertificates.shared().clientContext())) {
            String field = client.exchangeGet("/").value("Set-Cookie").orElseThrow();
            assertTrue(
                    field.matches(
                            "__Host-w=[A-Za-z0-9_-]{22}; Path=/app; Max-Age=7200; HttpOnly; SameSite=None; Secure"),
                    field);
        }
        try (Site site = Site.open(1, Options.with(STICKY, "-trusted-proxies", "127.0.0.1"))) {
            String https = site.exchange("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: https\r\n\r\n")
                    .value("Set-Cookie")
                    .orElseThrow();
            assertTrue(https.endsWith("; SameSite=Lax; Secure"), https);
            String http = site.get("/").value("Set-Cookie").orElseThrow();
            assertTrue(Browser.SET.matcher(http).matches(), http);
        }
    }

    @Test
    @DisplayName("a backend that drains keeps its clients and gets no others, until the deadline")
    void draining() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "a key nobody would guess");
        String[] flags = Options.with(STICKY, "-sticky-key-file", key.toString());
        try (Site site = named(Site.open(2, flags))) {
            Browser browser = new Browser();
            do {
                browser.meet(site.port());
            } while (!browser.visit(site.port()).equals("1"));
            String urls = site.backend(0).url() + "," + site.backend(1).url() + ";weight=0";
            try (WaffleProcess drains = WaffleProcess.start(Options.with(flags, "-backends", urls));
                    WaffleProcess drained =
                            WaffleProcess.start(Options.with(flags, "-backends", urls, "-sticky-drain", "0s"))) {
                for (int i = 0; i < 10; i++) {
                    assertEquals("1", browser.visit(drains.port()));
                    assertEquals("0", new Browser().visit(drains.port()));
                }
                assertEquals("0", browser.visit(drained.port()));
                assertEquals("0", browser.visit(drains.port()), "its new home, which drains nowhere");
            }
            String none = Site.urls(site.backends()).replaceAll("(?=,|$)", ";weight=0");
            try (WaffleProcess drains = WaffleProcess.start(Options.with(flags, "-backends", none))) {
                assertEquals("0", browser.visit(drains.port()));
                Response refused = get(drains.port(), "");
                assertEquals(503, refused.status());
                assertEquals(List.of(), refused.head().values("Set-Cookie"));
            }
        }
    }

    @Test
    @DisplayName(
            "the cookie is that of the backend whose response the client gets, and with an error of Waffle's own there is none")
    void afterARetry() {
        try (Site site = named(Site.open(2, Options.with(STICKY, "-disable-ejection")))) {
            Browser browser = new Browser();
            browser.meet(site.port());
            int home = Integer.parseInt(browser.visit(site.port()));
            site.backend(home).on(request -> {
                request.readBody();
                request.connection().reset();
            });
            try (RawClient client = site.client()) {
                Response failed = client.exchange("POST / HTTP/1.1\r\nHost: h\r\nCookie: w=" + browser.value()
                        + "\r\nContent-Length: 2\r\n\r\nhi");
                assertEquals(502, failed.status());
                assertEquals(List.of(), failed.head().values("Set-Cookie"));
            }
            String other = Integer.toString(1 - home);
            assertEquals(other, browser.visit(site.port()));
            assertEquals(2, browser.cookies());
            named(site);
            assertEquals(other, browser.visit(site.port()), "it moves once");
            assertEquals(2, browser.cookies());
        }
    }

    @Test
    @DisplayName("an error status of the backend itself comes with its cookie, if no other backend does better")
    void errorOfTheBackend() {
        try (Site site = Site.open(2, Options.with(STICKY, "-disable-ejection", "-retry-statuses", "503"))) {
            site.backends()
                    .forEach(backend ->
                            backend.on(request -> request.connection().answer(503, "busy")));
            Response response = site.get("/");
            assertEquals(503, response.status());
            assertEquals("busy", response.text());
            site.backends().forEach(ScriptedBackend::taken);
            get(site.port(), "w=" + Browser.value(response));
            List<Integer> asked = site.backends().stream()
                    .map(backend -> backend.taken().size())
                    .toList();
            assertEquals(List.of(1, 1), asked, "its own first, then the other");
        }
    }

    @Test
    @DisplayName("a client whose backend is full is served by another, keeps its cookie, and returns")
    void full() throws Exception {
        try (Site site = named(Site.open(2, Options.with(STICKY, "-limit-backend-in-flight", "1")));
                RawClient holding = site.client()) {
            Browser browser = new Browser();
            // On one connection, where a request is only looked at when the one before has been counted out.
            String home = browser.take(holding.exchange(browser.request()));
            ScriptedBackend full = site.backend(Integer.parseInt(home));
            CountDownLatch release = new CountDownLatch(1);
            full.taken();
            full.on(request -> {
                release.await();
                request.connection().answer(200, home);
            });
            holding.send(browser.request());
            full.next();
            for (int i = 0; i < 3; i++) {
                assertNotEquals(home, browser.visit(site.port()));
            }
            assertEquals(1, browser.cookies());
            release.countDown();
            assertEquals(home, holding.read().text());
            assertEquals(home, browser.take(holding.exchange(browser.request())));
            assertEquals(1, browser.cookies());
        }
    }

    @Test
    @DisplayName(
            "it comes with the final response or the switch, never with an interim one, beside cookies of the backend")
    void whichResponses() {
        try (Site site = Site.open(1, STICKY)) {
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
    @DisplayName("each request of a connection is a client's of its own")
    void keptConnection() {
        try (Site site = named(Site.open(2, STICKY));
                RawClient client = site.client()) {
            List<Browser> browsers = List.of(new Browser(), new Browser(), new Browser(), new Browser());
            List<String> homes = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                List<String> served = browsers.stream()
                        .map(browser -> browser.take(client.exchange(browser.request())))
                        .toList();
                homes = homes.isEmpty() ? served : homes;
                assertEquals(homes, served);
            }
            browsers.forEach(browser -> assertEquals(1, browser.cookies()));
            assertEquals(2, homes.stream().distinct().count());
        }
    }

    @Test
    @DisplayName("the access log says sticky")
    void reason() throws IOException {
        Path log = folder.resolve("access.log");
        String[] flags = Options.with(
                STICKY, "-access-log", log.toString(), "-access-log-format", "{reason} {backend} {attempts}");
        try (Site site = named(Site.open(2, flags))) {
            Browser browser = new Browser();
            browser.meet(site.port());
            assertTrue(Eventually.holds(() -> lines(log).size() == 1)); // lines of two connections come in any order
            String home = browser.visit(site.port());
            String backend = "127.0.0.1:" + site.backend(Integer.parseInt(home)).port();
            assertTrue(Eventually.holds(() -> lines(log).size() == 2));
            assertEquals(List.of("policy " + backend + " 1", "sticky " + backend + " 1"), lines(log));
        }
    }

    @Test
    @DisplayName("switched off, cookies mean nothing")
    void off() {
        try (Site site = named(Site.open(2))) {
            List<String> served = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Response response = get(site.port(), "w=AAAAAAAAAAAAAAAAAAAAAA");
                assertEquals(List.of(), response.head().values("Set-Cookie"));
                served.add(response.text());
            }
            assertEquals(2, served.stream().distinct().count());
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
                WaffleProcess.run(Options.with(Options.with(STICKY, "-backends", "http://127.0.0.1:1"), flags));
        assertEquals(2, ended.code());
        assertTrue(ended.output().contains(message), ended::output);
    }

    private static List<String> visit(List<Browser> browsers, Site site) {
        return browsers.stream().map(browser -> browser.visit(site.port())).toList();
    }

    /** Another instance over the same backends. */
    private static WaffleProcess beside(Site site, String... flags) {
        return WaffleProcess.start(Options.with(Options.with(STICKY, flags), "-backends", Site.urls(site.backends())));
    }

    /** Each backend answers with its own number. */
    private static Site named(Site site) {
        for (int i = 0; i < site.backends().size(); i++) {
            String name = Integer.toString(i);
            site.backend(i).on(request -> {
                request.readBody();
                request.connection().answer(200, name);
            });
        }
        return site;
    }

    private static Response get(int port, String cookie) {
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(Browser.request(cookie));
        }
    }

    private static List<String> lines(Path log) {
        try {
            return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.ISO_8859_1) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
