// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients get to read of an operator's files: on routes that are closed, and for errors of Waffle's own. */
final class OwnPagesIT {

    private static final String LARGE = "0123456789abcdef".repeat(1 << 16); // 1 MiB

    private final Path folder;

    private ScriptedBackend backend;
    private ConfiguredWaffle waffle;

    OwnPagesIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("closed.html"), "<p>closed");
        Files.writeString(folder.resolve("sorry.json"), "{\"sorry\": true}");
        Files.writeString(folder.resolve("none.txt"), "none");
        Files.writeString(folder.resolve("large.html"), LARGE);
        backend = ScriptedBackend.start();
        waffle = ConfiguredWaffle.start(folder, yaml(true), "-watch");
    }

    private String yaml(boolean closed) {
        return """
                forwarding: {trusted_proxies: [127.0.0.2]}
                timeouts: {connect: 1s}
                ejection: {disabled: true}
                pools:
                  app: {backends: [%s]}
                  gone: {backends: ["http://127.0.0.1:1"]}
                errors: {404: none.txt, 500-599: sorry.json}
                routes:
                  - name: shop
                    path: /shop
                    to: app
                    maintenance:
                      enabled: %s
                      retry_after: 90s
                      file: closed.html
                      except: [127.0.0.3, 10.0.0.0/8]
                  - {name: bare, path: /bare, to: app, maintenance: true}
                  - {name: own, path: /own, to: gone, errors: {502: large.html}}
                  - {name: gone, path: /gone, to: gone}
                  - {name: open, path: /open, to: app, maintenance: false}
                """.formatted(backend.url(), closed);
    }

    @AfterEach
    void stop() {
        waffle.close();
        backend.close();
    }

    private Response get(String from, String path, String more) {
        try (RawClient client = RawClient.from(from, waffle.port())) {
            Response first = client.exchange("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n");
            Response again = client.exchange("HEAD " + path + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n");
            assertEquals(first.status(), again.status(), "the connection goes on");
            assertEquals(first.value("Content-Length"), again.value("Content-Length"));
            return first;
        }
    }

    private static void assertPage(Response response, int status, String type, String text) {
        assertEquals(status, response.status());
        assertEquals(type, response.value("Content-Type").orElseThrow());
        assertEquals("no-store", response.value("Cache-Control").orElseThrow());
        assertTrue(text.equals(response.text()), response.text());
    }

    @Test
    @DisplayName("R10 a route that is closed answers 503 with its page, but for those who work on it")
    void closed() {
        Response closed = get("127.0.0.1", "/shop/x", "X-Forwarded-For: 10.1.1.1\r\n");
        assertPage(closed, 503, "text/html; charset=utf-8", "<p>closed");
        assertEquals("90", closed.value("Retry-After").orElseThrow());
        assertEquals(
                503, get("127.0.0.2", "/shop", "X-Forwarded-For: 192.0.2.1\r\n").status());
        assertEquals("ok", get("127.0.0.3", "/shop", "").text());
        assertEquals(
                "ok", get("127.0.0.2", "/shop", "X-Forwarded-For: 10.1.1.1\r\n").text());
        Response bare = get("127.0.0.1", "/bare", "");
        assertPage(bare, 503, "application/json", "{\"sorry\": true}");
        assertEquals("60", bare.value("Retry-After").orElseThrow());
        assertEquals("ok", get("127.0.0.1", "/open", "").text());
    }

    @Test
    @DisplayName(
            "R11 errors of Waffle's own have the page of the route, or of the top, and those of backends their own")
    void errors() {
        assertPage(get("127.0.0.1", "/nowhere", ""), 404, "text/plain; charset=utf-8", "none");
        assertPage(get("127.0.0.1", "/gone", ""), 502, "application/json", "{\"sorry\": true}");
        assertPage(get("127.0.0.1", "/own", ""), 502, "text/html; charset=utf-8", LARGE);
        backend.on(ScriptedBackend.answering(502, "mine"));
        assertEquals("mine", get("127.0.0.1", "/open", "").text());
        try (RawClient client = RawClient.to(waffle.port())) {
            Response refused = client.exchange("GET /open HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n");
            assertEquals(400, refused.status());
            assertTrue(refused.value("Content-Type").orElseThrow().startsWith("text/plain"));
        }
    }

    @Test
    @DisplayName("a page that has changed, and a route that is opened, are so from the next reload on")
    void reload() throws IOException {
        Files.writeString(folder.resolve("closed.html"), "<p>still closed");
        assertTrue(waffle.awaitReload().contains("routes.shop.maintenance"));
        assertPage(get("127.0.0.1", "/shop", ""), 503, "text/html; charset=utf-8", "<p>still closed");
        waffle.reload(yaml(false));
        assertEquals("ok", get("127.0.0.1", "/shop", "").text());
        Files.delete(folder.resolve("closed.html"));
        assertTrue(waffle.hangUp().contains("nothing was changed"));
        assertEquals("ok", get("127.0.0.1", "/shop", "").text());
    }
}
