// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients kept with their backends by a cookie, and what takes them elsewhere. */
final class StickyIT {

    private final Path folder;

    StickyIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName(
            "500 clients over five backends stay put; when one is gone, its clients move once, and nobody else does")
    void stayPut(String strategy) {
        try (Site site =
                NumberedBackends.number(Site.open(5, Options.with(Options.STICKY, "-lb-strategy", strategy)))) {
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
    @DisplayName("a backend that drains keeps its clients and gets no others, until the deadline")
    void draining() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "a key nobody would guess");
        String[] flags = Options.with(Options.STICKY, "-sticky-key-file", key.toString());
        try (Site site = NumberedBackends.number(Site.open(2, flags))) {
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
                Response refused = Browser.get(drains.port(), "");
                assertEquals(503, refused.status());
                assertEquals(List.of(), refused.head().values("Set-Cookie"));
            }
        }
    }

    @Test
    @DisplayName(
            "the cookie is that of the backend whose response the client gets, and with an error of Waffle's own there is none")
    void afterARetry() {
        try (Site site = NumberedBackends.number(Site.open(2, Options.with(Options.STICKY, "-disable-ejection")))) {
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
            NumberedBackends.number(site);
            assertEquals(other, browser.visit(site.port()), "it moves once");
            assertEquals(2, browser.cookies());
        }
    }

    @Test
    @DisplayName("an error status of the backend itself comes with its cookie, if no other backend does better")
    void errorOfTheBackend() {
        try (Site site = Site.open(2, Options.with(Options.STICKY, "-disable-ejection", "-retry-statuses", "503"))) {
            site.backends()
                    .forEach(backend ->
                            backend.on(request -> request.connection().answer(503, "busy")));
            Response response = site.get("/");
            assertEquals(503, response.status());
            assertEquals("busy", response.text());
            site.backends().forEach(ScriptedBackend::taken);
            Browser.get(site.port(), "w=" + Browser.value(response));
            List<Integer> asked = site.backends().stream()
                    .map(backend -> backend.taken().size())
                    .toList();
            assertEquals(List.of(1, 1), asked, "its own first, then the other");
        }
    }

    @Test
    @DisplayName("a client whose backend is full is served by another, keeps its cookie, and returns")
    void full() throws Exception {
        try (Site site = NumberedBackends.number(
                        Site.open(2, Options.with(Options.STICKY, "-limit-backend-in-flight", "1")));
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
    @DisplayName("each request of a connection is a client's of its own")
    void keptConnection() {
        try (Site site = NumberedBackends.number(Site.open(2, Options.STICKY));
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
                Options.STICKY, "-access-log", log.toString(), "-access-log-format", "{reason} {backend} {attempts}");
        try (Site site = NumberedBackends.number(Site.open(2, flags))) {
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
        try (Site site = NumberedBackends.number(Site.open(2))) {
            List<String> served = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Response response = Browser.get(site.port(), "w=AAAAAAAAAAAAAAAAAAAAAA");
                assertEquals(List.of(), response.head().values("Set-Cookie"));
                served.add(response.text());
            }
            assertEquals(2, served.stream().distinct().count());
        }
    }

    private static List<String> visit(List<Browser> browsers, Site site) {
        return browsers.stream().map(browser -> browser.visit(site.port())).toList();
    }

    private static List<String> lines(Path log) {
        try {
            return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.ISO_8859_1) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
