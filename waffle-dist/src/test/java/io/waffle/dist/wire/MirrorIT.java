// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of requests that another pool gets, and that nobody waits for. */
final class MirrorIT {

    private static ScriptedBackend app;
    private static ScriptedBackend green;
    private static ConfiguredWaffle waffle;

    private static String yaml = "";

    @BeforeAll
    static void start(@TempDir Path folder) {
        app = ScriptedBackend.start();
        green = ScriptedBackend.start();
        yaml = """
                retry: {attempts: 2}
                pools:
                  app: {backends: [%s]}
                  green: {backends: [%s], ejection: {disabled: true}}
                  gone: {backends: ["http://127.0.0.1:1"]}
                routes:
                  - {name: all, path: /all, to: app, mirror: green, mirror_body: 4KiB, rewrite: {prefix: /v1}}
                  - {name: half, path: /half, to: app, mirror: {green: 50%%}}
                  - {name: first, path: /first, to: app, mirror: green, buffer_request: 64KiB}
                  - {name: gone, path: /gone, to: app, mirror: gone}
                  - {name: counted, path: /counted, to: app, mirror: green, mirror_body: 4KiB}
                """.formatted(app.url(), green.url());
        waffle = ConfiguredWaffle.start(folder, yaml, "-admin", "127.0.0.1:0");
    }

    @AfterAll
    static void stop() {
        waffle.close();
        app.close();
        green.close();
    }

    @BeforeEach
    void forget() {
        app.forget();
        green.forget();
    }

    private static void same(BackendRequest one, BackendRequest copy, String body) {
        assertEquals(List.of("1"), copy.head().values("X-Waffle-Mirror"));
        assertFalse(one.head().has("X-Waffle-Mirror"));
        assertEquals(one.head().target(), copy.head().target());
        assertEquals(one.head().values("Host"), copy.head().values("Host"));
        assertEquals(one.head().values("X-Forwarded-For"), copy.head().values("X-Forwarded-For"));
        assertEquals(body, one.body().text());
        assertEquals(body, copy.body().text());
    }

    @Test
    @DisplayName("R14 a copy is what the backend gets, with its body and a mark, and its answer is thrown away")
    void copies() {
        green.on(ScriptedBackend.answering(500, "x".repeat(100_000)));
        try (RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 3; i++) {
                assertEquals("ok", client.exchangeGet("/all/x?y=z").text());
                same(app.next(), green.next(), "");
                client.send("POST /all/x HTTP/1.1\r\nHost: h\r\nContent-Length: 4096\r\n\r\n" + "b".repeat(4096));
                assertEquals("ok", client.read("POST").text());
                same(app.next(), green.next(), "b".repeat(4096));
                client.send("POST /first HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                client.send("2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n");
                assertEquals("ok", client.read("POST").text());
                same(app.next(), green.next(), "abcde");
            }
        }
        assertEquals(List.of(), green.faults());
        assertTrue(Eventually.holds(() -> green.connections() < 9), "connections are used again");
    }

    @Test
    @DisplayName("R14 a body that is longer, or does not come to its end, is not copied")
    void bodies() {
        try (RawClient client = RawClient.to(waffle.port())) {
            client.send("POST /all HTTP/1.1\r\nHost: h\r\nContent-Length: 4097\r\n\r\n" + "b".repeat(4097));
            assertEquals("ok", client.read("POST").text());
            client.send(
                    "POST /all HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1001\r\n" + "b".repeat(4097));
            assertEquals("ok", client.send("\r\n0\r\n\r\n").read("POST").text());
            client.send("POST /all HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello")
                    .reset();
        }
        try (RawClient client = RawClient.to(waffle.port())) {
            assertEquals("ok", client.exchangeGet("/all/last").text());
        }
        assertEquals("/v1/last", green.next().head().target());
        assertEquals(List.of(), green.taken());
    }

    @Test
    @DisplayName("a request that its backend fails is copied once, as a whole")
    void repeated() {
        app.on(request -> {
            request.readBody();
            request.connection().close();
            app.on(ScriptedBackend.OK);
        });
        try (RawClient client = RawClient.to(waffle.port())) {
            client.send("PUT /all HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
            client.read("PUT");
        }
        assertEquals("body", green.next().body().text());
        assertEquals(List.of(), green.taken());
    }

    @Test
    @DisplayName("of a share, so many are copied")
    void share() {
        try (RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 20; i++) {
                assertEquals("ok", client.exchangeGet("/half").text());
            }
        }
        for (int i = 0; i < 10; i++) {
            green.next();
        }
        assertEquals(List.of(), green.taken());
    }

    @Test
    @DisplayName("R14 whoever gets copies may be gone, or be silent: requests go on as if there were none")
    void silent() {
        green.on(request -> request.connection().awaitEnd());
        try (RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 150; i++) {
                assertEquals("ok", client.exchangeGet("/all").text());
                assertEquals("ok", client.exchangeGet("/gone").text());
            }
        }
        assertTrue(
                Eventually.holds(() -> waffle.process().output().contains("mirror to green: a request is not copied")));
        assertTrue(green.taken().size() <= 100, "more than 100 at once");
        AdminClient admin = AdminClient.of(waffle.process());
        assertTrue(copies(admin, "all", "green").getInt("no_room") >= 50);
        assertTrue(Eventually.holds(() -> {
            JsonObject gone = copies(admin, "gone", "gone");
            return gone.getInt("failed") + gone.getInt("no_backend") + gone.getInt("no_room") >= 150;
        }));
        assertTrue(copies(admin, "gone", "gone").getInt("failed") > 0);
        waffle.reload(yaml.replace("attempts: 2", "attempts: 3"));
        try (RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 20; i++) {
                assertEquals("ok", client.exchangeGet("/all").text());
            }
        }
        assertTrue(copies(admin, "all", "green").getInt("in_flight") <= 100, "the bound goes on through a reload");
    }

    private static JsonObject copies(AdminClient admin, String route, String pool) {
        return admin.get("/api/routes/" + route).getJsonObject("mirror").getJsonObject(pool);
    }

    @Test
    @DisplayName("R14 what becomes of copies is counted, and goes on through a reload")
    void counted() {
        green.on(ScriptedBackend.answering(200, "thrown away"));
        AdminClient admin = AdminClient.of(waffle.process());
        try (RawClient client = RawClient.to(waffle.port())) {
            for (int round = 1; round <= 2; round++) {
                assertEquals("ok", client.exchangeGet("/counted").text());
                green.next();
                client.send("POST /counted HTTP/1.1\r\nHost: h\r\nContent-Length: 4097\r\n\r\n" + "b".repeat(4097));
                assertEquals("ok", client.read("POST").text());
                client.send("POST /counted HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1001\r\n"
                        + "b".repeat(4097) + "\r\n0\r\n\r\n");
                assertEquals("ok", client.read("POST").text());
                JsonObject counts = copies(admin, "counted", "green");
                assertEquals(round, counts.getInt("sent"));
                assertEquals(2 * round, counts.getInt("too_long"));
                assertEquals(0, counts.getInt("failed"));
                assertEquals(0, counts.getInt("broken_off"));
                waffle.reload(yaml.replace("attempts: 2", "attempts: 3"));
            }
        }
    }
}
