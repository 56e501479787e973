// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backend says of places is brought back where the client asked for another host or path than the backend was asked for. */
final class RewriteBackIT {

    private static final String SECURE = "X-Forwarded-Proto: https\r\n";

    private static ScriptedBackend backend;
    private static ConfiguredWaffle waffle;

    @BeforeAll
    static void start(@TempDir Path folder) {
        backend = ScriptedBackend.start();
        waffle = ConfiguredWaffle.start(folder, """
                forwarding: {trusted_proxies: [127.0.0.2]}
                pools:
                  app: {backends: [%1$s]}
                  based: {backends: ["%1$s/base/"]}
                routes:
                  - {name: strip, hosts: [strip.test], path: /api, to: app, rewrite: {prefix: /}}
                  - {name: swap, hosts: [swap.test], path: /v2, to: app, rewrite: {prefix: /app/v2, host: app.internal}}
                  - {name: add, hosts: [add.test], to: app, path: /, rewrite: {prefix: /app}}
                  - {name: based, hosts: [based.test], path: /api, to: based, rewrite: {prefix: /x}}
                  - {name: host, hosts: [host.test], to: app, rewrite: {host: "app.internal:8080"}}
                  - {name: whole, hosts: [whole.test], path: {pattern: "/users/*/cart"}, to: app, rewrite: {path: /cart}}
                  - {name: plain, hosts: [plain.test], to: app}
                """.formatted(backend.url()));
    }

    @AfterAll
    static void stop() {
        waffle.close();
        backend.close();
    }

    /** What becomes of this field in the response to that request. */
    private static String sent(String from, String target, String host, String more, String name, String value) {
        backend.answer(
                "HTTP/1.1 201 Created\r\nX: 1\r\n" + name + ": " + value + "\r\nY: 2\r\nContent-Length: 0\r\n\r\n");
        try (RawClient client = RawClient.from(from, waffle.port())) {
            Head head = client.exchange("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n")
                    .head();
            assertEquals(
                    List.of("1", "2"),
                    List.of(head.value("X").orElse(""), head.value("Y").orElse("")));
            return String.join("|", head.values(name));
        }
    }

    private static void location(String target, String host, String said, String expected) {
        assertEquals(expected, sent("127.0.0.1", target, host, "", "Location", said), said);
        assertEquals(expected, sent("127.0.0.1", target, host, "", "Content-Location", said), said);
    }

    private static void cookie(String target, String host, String said, String expected) {
        assertEquals(expected, sent("127.0.0.1", target, host, "", "Set-Cookie", said), said);
    }

    @Test
    @DisplayName("R9 paths come back below the prefix that was taken away")
    void stripped() {
        location("/api/x", "strip.test", "/login?to=/x#y", "/api/login?to=/x#y");
        location("/api/x", "strip.test", "/", "/api/");
        location("/api/x", "strip.test", "http://strip.test/login", "http://strip.test/api/login");
        location("/api/x", "strip.test", "http://STRIP.test?q", "http://strip.test/api?q");
        location("/api/x", "strip.test", "//strip.test/a", "//strip.test/api/a");
        location("/api/x", "strip.test", "/api/x", "/api/x"); // it knows where it is found
        location("/api/x", "strip.test", "/apis", "/api/apis");
        location("/api/x", "strip.test", "login", "login");
        location("/api/x", "strip.test", "?q=/", "?q=/");
        location("/api/x", "strip.test", "http://elsewhere.test/login", "http://elsewhere.test/login");
        location("/api/x", "strip.test", "http://strip.test:81/login", "http://strip.test:81/login");
        location("/api/x", "strip.test", "http://u@strip.test/login", "http://u@strip.test/login");
        location("/api/x", "strip.test", "ftp://strip.test/login", "ftp://strip.test/login");
        location("//%61pi//x", "strip.test", "/login", "/%61pi/login");
    }

    @Test
    @DisplayName("R9 path and host come back where both were others, and nothing that is elsewhere")
    void swapped() {
        location("/v2/x", "swap.test:8", "/app/v2/y", "/v2/y");
        location("/v2/x", "swap.test:8", "http://app.internal/app/v2?q", "http://swap.test:8/v2?q");
        location("/v2/x", "swap.test:8", "https://app.internal/app/v2/y", "https://swap.test:8/v2/y");
        location("/v2/x", "swap.test:8", "http://app.internal/other", "http://app.internal/other");
        location("/v2/x", "swap.test:8", "http://app.internal.test/app/v2/y", "http://app.internal.test/app/v2/y");
        location("/v2/x", "swap.test:8", "/app/v20", "/app/v20");
        location("/v2/x", "swap.test:8", "/", "/");
        assertEquals(
                "https://swap.test/v2/y",
                sent("127.0.0.2", "/v2", "swap.test", SECURE, "Location", "http://app.internal/app/v2/y"));
    }

    @Test
    @DisplayName("R9 a path that was put in front goes, and none becomes a host by that")
    void added() {
        location("/x", "add.test", "/app/y", "/y");
        location("/x", "add.test", "/app", "/");
        location("/x", "add.test", "/app?q", "/?q");
        location("/x", "add.test", "/y", "/y");
        location("/x", "add.test", "/app//evil.test/", "/app//evil.test/");
        location("/x", "add.test", "/app/\\evil.test/", "/app/\\evil.test/");
        location("/api/x", "based.test", "/base/x/y", "/api/y");
        location("/api/x", "based.test", "/x/y", "/x/y");
        location("/a", "host.test:81", "http://app.internal:8080/y", "http://host.test:81/y");
        location("/a", "host.test:81", "/y", "/y");
        location("/users/7/cart?z", "whole.test", "/cart?q", "/users/7/cart?q");
        location("/users/7/cart", "whole.test", "/cart/x", "/cart/x");
        location("/a", "plain.test", "http://plain.test/a", "http://plain.test/a");
    }

    @Test
    @DisplayName("R9 cookies come back to the path and the host the client knows")
    void cookies() {
        cookie("/api/x", "strip.test", "a=b; Path=/; HttpOnly", "a=b; Path=/api; HttpOnly");
        cookie("/api/x", "strip.test", "a=b;path = /c ;Secure", "a=b;path = /api/c ;Secure");
        cookie("/api/x", "strip.test", "__Host-a=b; Path=/; Secure", "__Host-a=b; Path=/; Secure");
        cookie("/api/x", "strip.test", "a=/; Domain=strip.test", "a=/; Domain=strip.test");
        cookie("/v2/x", "swap.test:8", "a=b; Domain=app.internal; Path=/app/v2/", "a=b; Domain=swap.test; Path=/v2");
        cookie("/v2/x", "swap.test:8", "a=b; domain=.APP.internal; Path=/", "a=b; domain=.swap.test; Path=/");
        cookie("/v2/x", "swap.test:8", "a=b; Domain=internal; Path", "a=b; Domain=internal; Path");
        cookie("/x", "add.test", "a=b; Path=/app; Max-Age=1", "a=b; Path=/; Max-Age=1");
        cookie("/a", "host.test:81", "a=b; Domain=app.internal;", "a=b; Domain=host.test;");
        cookie("/a", "plain.test", "a=b; Path=/c; Domain=plain.test", "a=b; Path=/c; Domain=plain.test");
    }

    @Test
    @DisplayName("a head that would not fit with all that comes back goes as it is")
    void room() {
        String longPath = "/api" + "/".repeat(5) + "x";
        location(longPath, "strip.test", "/y", "/api/y");
        backend.answer("HTTP/1.1 200 OK\r\n" + "Set-Cookie: a=b; Path=/x\r\n".repeat(90) + "Content-Length: 0\r\n\r\n");
        String id = "x".repeat(4000);
        try (RawClient client = RawClient.to(waffle.port())) {
            Head head = client.exchange("GET /users/" + id + "/cart HTTP/1.1\r\nHost: whole.test\r\n\r\n")
                    .head();
            assertEquals("a=b; Path=/x", head.values("Set-Cookie").getLast());
        }
    }
}
