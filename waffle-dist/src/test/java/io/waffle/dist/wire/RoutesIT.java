// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes as they serve: each condition, and what becomes of a request whose route is found, or not. Backends answer with the number of their pool. */
final class RoutesIT {

    private static final String YAML = """
            listen: 127.0.0.1:0
            listeners: {other: {address: "127.0.0.1:0"}}
            forwarding: {trusted_proxies: [127.0.0.1]}
            access_log: {file: %s, format: "{status} {route} {pool} {fault}"}
            pools:
              zero: {backends: [%s]}
              one: {backends: [%s]}
              two: {backends: [%s, %s], sticky: {cookie: w}}
            routes:
              - {name: any, hosts: [waffle.test], to: zero}
              - {name: exact, hosts: [waffle.test], path: {exact: /exact}, to: one}
              - {name: prefix, hosts: [waffle.test], path: /prefix, to: one}
              - {name: pattern, hosts: [waffle.test], path: {pattern: /users/*/cart}, to: one}
              - {name: regex, hosts: [waffle.test], path: {regex: "/v[0-9]+/users"}, to: one}
              - {name: host, hosts: [one.test, "*.one.test"], to: one}
              - {name: method, hosts: [waffle.test], path: /method, method: [POST, PUT], to: one}
              - {name: header, hosts: [waffle.test], path: /header, headers: {x-tenant: "~acme|umbrella"}, to: one}
              - {name: query, hosts: [waffle.test], path: /query, query: {v: "2"}, to: one}
              - {name: cookie, hosts: [waffle.test], path: /cookie, cookies: {beta: "*"}, to: one}
              - {name: client, hosts: [waffle.test], path: /client, clients: [192.0.2.0/24, "2001:db8::/32"], to: one}
              - {name: listener, hosts: [waffle.test], path: /listener, listeners: [other], to: one}
              - {name: both, match: [{path: /left}, {path: /right}], to: one}
              - {name: none, hosts: [waffle.test], path: /none, to: {zero: 0, one: 0}}
              - {name: split, hosts: [waffle.test], path: /split, to: {zero: 3, one: 1}}
              - {name: keyed, hosts: [waffle.test], path: /keyed, split_by: "header:x-user", to: {zero: 1, one: 1}}
              - {name: kept, hosts: [waffle.test], path: /kept, to: {zero: 1, two: 0}}
              - {name: pair, hosts: [waffle.test], path: /pair, retry: {attempts: 2, statuses: [503]}, to: two}
              - {name: slow, hosts: [waffle.test], path: /slow, timeouts: {request: 200ms}, to: zero}
              - {name: edited, hosts: [waffle.test], path: /edited, request_headers: {set: {x-route: edited}}, response_headers: {add: {x-answer: edited}}, to: zero}
            """;

    /** Method, place, a field or none, and the pool that answers. */
    private static final String CONDITIONS = """
            GET  | waffle.test/                 | -                      | 0
            GET  | WAFFLE.test.:8080/           | -                      | 0
            GET  | waffle.test/exact            | -                      | 1
            GET  | waffle.test/exact/           | -                      | 0
            GET  | waffle.test/exact?x=/        | -                      | 1
            GET  | waffle.test/prefix           | -                      | 1
            GET  | waffle.test/prefix/          | -                      | 1
            GET  | waffle.test/prefix/a/b       | -                      | 1
            GET  | waffle.test/prefixed         | -                      | 0
            GET  | waffle.test/Prefix           | -                      | 0
            GET  | waffle.test/pr%65fix         | -                      | 1
            GET  | waffle.test//prefix          | -                      | 1
            GET  | waffle.test/users/7/cart     | -                      | 1
            GET  | waffle.test/users/7/8/cart   | -                      | 0
            GET  | waffle.test/v12/users        | -                      | 1
            GET  | waffle.test/v12/users/7      | -                      | 0
            GET  | one.test/                    | -                      | 1
            GET  | a.one.test/                  | -                      | 1
            GET  | a.b.one.test/                | -                      | 1
            POST | waffle.test/method           | -                      | 1
            GET  | waffle.test/method           | -                      | 0
            GET  | waffle.test/header           | X-Tenant: acme         | 1
            GET  | waffle.test/header           | X-Tenant: umbrella     | 1
            GET  | waffle.test/header           | X-Tenant: acmes        | 0
            GET  | waffle.test/header           | -                      | 0
            GET  | waffle.test/query?v=2        | -                      | 1
            GET  | waffle.test/query?v=1&v=2    | -                      | 0
            GET  | waffle.test/query?w=2&v=2    | -                      | 1
            GET  | waffle.test/cookie           | Cookie: a=1; beta=     | 1
            GET  | waffle.test/cookie           | Cookie: abeta=1        | 0
            GET  | waffle.test/client           | X-Forwarded-For: 192.0.2.7     | 1
            GET  | waffle.test/client           | X-Forwarded-For: 2001:db8::7   | 1
            GET  | waffle.test/client           | X-Forwarded-For: 192.0.3.7     | 0
            GET  | waffle.test/listener         | -                      | 0
            GET  | anybody.test/left/x          | -                      | 1
            GET  | anybody.test/right           | -                      | 1
            """;

    private final List<ScriptedBackend> backends = NumberedBackends.start(4);
    private final Path log;

    @AutoClose
    private final ConfiguredWaffle waffle;

    RoutesIT(@TempDir Path folder) {
        log = folder.resolve("access.log");
        String yaml = YAML.formatted(
                log,
                backends.get(0).url(),
                backends.get(1).url(),
                backends.get(2).url(),
                backends.get(3).url());
        waffle = ConfiguredWaffle.start(folder, yaml);
    }

    @AfterEach
    void close() {
        backends.forEach(ScriptedBackend::close);
    }

    @Test
    @DisplayName("R1 each condition holds for what it says, and for nothing else")
    void conditions() {
        for (String row : CONDITIONS.lines().toList()) {
            List<String> cells =
                    Arrays.stream(row.split("\\|")).map(String::strip).toList();
            String field = cells.get(2).equals("-") ? null : cells.get(2);
            assertEquals(
                    cells.get(3),
                    ask(waffle.port(), cells.get(0), cells.get(1), field).text(),
                    row);
        }
    }

    @Test
    @DisplayName("R1 a route of another listener holds there alone")
    void listener() {
        int other = Integer.parseInt(waffle.process()
                .awaitOutput(Pattern.compile("listening on http://127.0.0.1:(\\d+) \\(other\\)"))
                .group(1));
        assertEquals("1", ask(other, "GET", "waffle.test/listener", null).text());
    }

    @Test
    @DisplayName("R2 no route is 404, two readings are 400, no share is 500, and the log says which route it was")
    void unserved() {
        assertEquals(404, ask("nobody.test/").status());
        assertEquals(400, ask("waffle.test/prefix/..%2fexact").status());
        assertEquals(400, ask("waffle.test/x/..;/prefix").status());
        assertEquals(500, ask("waffle.test/none").status());
        assertEquals(200, ask("waffle.test/prefix").status());
        List<String> lines = new ArrayList<>();
        assertTrue(Eventually.holds(() -> {
            lines.clear();
            lines.addAll(lines());
            return lines.size() == 5;
        }));
        assertEquals(
                List.of(
                        "200 prefix one -",
                        "400 - - ambiguous_path",
                        "400 - - ambiguous_path",
                        "404 - - no_route",
                        "500 none - no_share"),
                lines.stream().sorted().toList());
    }

    private List<String> lines() {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Test
    @DisplayName("R4 pools get their shares; the same value of a key always leads to the same pool")
    void shares() {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 80; i++) {
            counts.merge(ask("waffle.test/split").text(), 1, Integer::sum);
        }
        assertEquals(60.0, counts.getOrDefault("0", 0), 2.0, counts::toString);
        Map<String, String> pools = new HashMap<>();
        for (int i = 0; i < 120; i++) {
            String user = "u" + i % 40;
            String pool = ask(waffle.port(), "GET", "waffle.test/keyed", "X-User: " + user)
                    .text();
            assertEquals(pools.computeIfAbsent(user, none -> pool), pool);
        }
        long zero = pools.values().stream().filter("0"::equals).count();
        assertTrue(zero > 8 && zero < 32, pools::toString);
    }

    @Test
    @DisplayName("R5 a sticky cookie leads to its pool, also one of weight 0, and nobody else goes there")
    void sticky() {
        Response first = ask("waffle.test/pair");
        String cookie = first.value("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    first.text(),
                    ask(waffle.port(), "GET", "waffle.test/kept", "Cookie: " + cookie)
                            .text());
            assertEquals("0", ask("waffle.test/kept").text());
        }
    }

    @Test
    @DisplayName("R6 retries stay within the pool of the route")
    void retries() {
        backends.get(2).on(ScriptedBackend.answering(503, "ill"));
        for (int i = 0; i < 4; i++) {
            assertEquals("3", ask("waffle.test/pair").text());
        }
        backends.get(3).on(ScriptedBackend.answering(503, "ill"));
        assertEquals(503, ask("waffle.test/pair").status());
        assertTrue(backends.get(0).taken().isEmpty() && backends.get(1).taken().isEmpty());
    }

    @Test
    @DisplayName("R7 deadlines and fields are those of the route")
    void ofItsOwn() {
        Response edited = ask("waffle.test/edited");
        assertEquals("edited", edited.value("X-Answer").orElseThrow());
        assertEquals("edited", backends.get(0).next().head().value("X-Route").orElseThrow());
        assertTrue(ask("waffle.test/").value("X-Answer").isEmpty());
        assertTrue(backends.get(0).next().head().value("X-Route").isEmpty());
        backends.get(0).on(request -> {
            request.readBody();
            Thread.sleep(600);
            request.connection().answer(200, "late");
        });
        assertEquals(504, ask("waffle.test/slow").status());
        assertEquals(200, ask("waffle.test/").status());
    }

    private Response ask(String place) {
        return ask(waffle.port(), "GET", place, null);
    }

    private static Response ask(int port, String method, String place, @Nullable String field) {
        int slash = place.indexOf('/');
        String more = (field == null ? "" : field + "\r\n") + (method.equals("POST") ? "Content-Length: 0\r\n" : "");
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(method + " " + place.substring(slash) + " HTTP/1.1\r\nHost: "
                    + place.substring(0, slash) + "\r\n" + more + "\r\n");
        }
    }
}
