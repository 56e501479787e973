// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pages of other origins may do: browsers are answered, and backends have no say in it. */
final class CorsIT {

    private static final String ORIGIN = "Access-Control-Allow-Origin";
    private static final String CREDENTIALS = "Access-Control-Allow-Credentials";

    private static ScriptedBackend backend;
    private static ConfiguredWaffle waffle;

    @BeforeAll
    static void start(@TempDir Path folder) {
        backend = ScriptedBackend.start();
        waffle = ConfiguredWaffle.start(folder, """
                backends: [%s]
                routes:
                  - name: some
                    path: /some
                    cors:
                      origins: ["https://www.example.org", "https://*.example.com", "http://localhost:3000"]
                      methods: [GET, PUT]
                      headers: [x-token, content-type]
                      credentials: true
                      expose: [x-total]
                      max_age: 10m
                  - {name: all, path: /all, cors: {origins: ["*"]}}
                  - {name: keen, path: /keen, cors: {origins: ["*"], credentials: true}}
                  - {name: none, path: /none}
                """.formatted(backend.url()));
    }

    @AfterAll
    static void stop() {
        waffle.close();
        backend.close();
    }

    @BeforeEach
    void forget() {
        backend.forget();
    }

    private static Head asked(String path, String origin, String more) {
        try (RawClient client = RawClient.to(waffle.port())) {
            return client.exchange(
                            "OPTIONS " + path + " HTTP/1.1\r\nHost: h\r\nOrigin: " + origin + "\r\n" + more + "\r\n")
                    .head();
        }
    }

    private static Head got(String path, String fields) {
        try (RawClient client = RawClient.to(waffle.port())) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n")
                    .head();
        }
    }

    @Test
    @DisplayName("R12 a browser that asks is answered, whatever the backend would say")
    void preflight() {
        String wants = "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-token\r\n";
        Head some = asked("/some/x", "https://www.example.org", wants);
        assertEquals(204, some.status());
        assertEquals(List.of("https://www.example.org"), some.values(ORIGIN));
        assertEquals(List.of("true"), some.values(CREDENTIALS));
        assertEquals(List.of("GET, PUT"), some.values("Access-Control-Allow-Methods"));
        assertEquals(List.of("x-token, content-type"), some.values("Access-Control-Allow-Headers"));
        assertEquals(List.of("600"), some.values("Access-Control-Max-Age"));
        assertEquals(true, some.lists("Vary", "Origin"));
        Head all = asked("/all", "https://any.test", wants);
        assertEquals(List.of("*"), all.values(ORIGIN));
        assertEquals(List.of("PUT"), all.values("Access-Control-Allow-Methods"));
        assertEquals(List.of("x-token"), all.values("Access-Control-Allow-Headers"));
        assertEquals(List.of("5"), all.values("Access-Control-Max-Age"));
        assertEquals(
                List.of("https://any.test"),
                asked("/keen", "https://any.test", wants).values(ORIGIN));
        assertEquals(List.of(), backend.taken());
    }

    @Test
    @DisplayName("R12 origins that are not let get nothing, by name, scheme and port")
    void origins() {
        String wants = "Access-Control-Request-Method: GET\r\n";
        for (String let : List.of("https://a.example.com", "https://a.b.EXAMPLE.com", "http://localhost:3000")) {
            assertEquals(List.of(let), asked("/some", let, wants).values(ORIGIN), let);
        }
        for (String other : List.of(
                "https://example.com",
                "http://www.example.org",
                "https://www.example.org:8443",
                "https://www.example.org.evil.test",
                "https://evil.test/.example.com",
                "https://evilexample.com",
                "https://wwwXexample.org",
                "null")) {
            Head head = asked("/some", other, wants);
            assertEquals(204, head.status());
            assertFalse(head.has(ORIGIN) || head.has(CREDENTIALS) || head.has("Access-Control-Allow-Methods"), other);
        }
    }

    @Test
    @DisplayName("R12 responses say whose pages may read them, once, in place of the backend")
    void responses() {
        backend.answer(String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Access-Control-Allow-Origin: *",
                "access-control-allow-credentials: x",
                "X-Total: 3",
                "Content-Length: 0",
                "",
                ""));
        Head some = got("/some", "Origin: https://a.example.com\r\n");
        assertEquals(List.of("https://a.example.com"), some.values(ORIGIN));
        assertEquals(List.of("true"), some.values(CREDENTIALS));
        assertEquals(List.of("x-total"), some.values("Access-Control-Expose-Headers"));
        assertEquals(List.of("Origin"), some.values("Vary"));
        Head other = got("/some", "Origin: https://evil.test\r\n");
        assertFalse(other.has(ORIGIN) || other.has(CREDENTIALS));
        assertEquals(List.of("Origin"), other.values("Vary"));
        assertEquals(List.of("Origin"), got("/some", "").values("Vary"), "a cache must know");
        assertEquals(List.of("*"), got("/all", "Origin: https://evil.test\r\n").values(ORIGIN));
        assertEquals(List.of("*"), got("/none", "Origin: https://evil.test\r\n").values(ORIGIN), "the backend's own");
    }

    @Test
    @DisplayName("OPTIONS that asks for nothing of that goes to the backend")
    void options() {
        assertEquals(200, asked("/some", "https://a.example.com", "").status());
        assertEquals("OPTIONS", backend.next().head().method());
    }
}
