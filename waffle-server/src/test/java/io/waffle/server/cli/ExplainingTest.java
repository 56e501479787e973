// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code waffle -explain}: which route a request takes, without a server. */
final class ExplainingTest {

    private static final String YAML = """
            listeners:
              web: {address: ":80", redirect: https}
              inside: {address: ":8080"}
            pools:
              app: {backends: [http://a]}
              green: {backends: [http://b]}
            routes:
              - {name: api, hosts: [api.example.org, "*.api.example.org"], path: /v2, method: [GET, HEAD], headers: {x-tenant: acme}, to: {app: 95, green: 5}}
              - {name: ping, path: {exact: /ping}, respond: {status: 200, body: pong}}
              - {name: old, hosts: [old.example.org], redirect: {host: www.example.org, status: 308}}
              - {name: beta, path: /shop, cookies: {beta: "1"}, to: green}
              - {name: office, path: /admin, clients: [192.0.2.0/24], listeners: [inside], to: app}
              - {name: none, path: /none, to: {app: 0}}
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("waffle.yaml"), YAML);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET http://api.example.org/v2      | x-tenant: acme | 127.0.0.1 | route   api: host exact, prefix /v2, method, 1 header
            http://a.api.example.org:8080/v2/x | X-Tenant: acme | 127.0.0.1 | route   api: host wildcard *.api.example.org, prefix /v2, method, 1 header
            GET http://api.example.org/v2      | x-tenant: acme | 127.0.0.1 | to      pools {app: 95, green: 5}
            GET http://api.example.org/v2      | x: y           | 127.0.0.1 | not     api: header x-tenant=acme
            POST http://api.example.org/v2     | x-tenant: acme | 127.0.0.1 | not     api: method GET or HEAD
            GET http://api.example.org/v2      | x: y           | 127.0.0.1 | answer  404: no route is for it
            /ping                              | x: y           | 127.0.0.1 | answer  200: the route answers itself
            /p%69ng                            | x: y           | 127.0.0.1 | path    /ping
            /none/../ping                      | x: y           | 127.0.0.1 | answer  400: ambiguous path: /ping leads to route ping
            /ping%zz                           | x: y           | 127.0.0.1 | answer  400:
            http://OLD.example.org./           | x: y           | 127.0.0.1 | answer  308: to host www.example.org
            /shop                              | cookie: beta=1 | 127.0.0.1 | to      pool green
            /admin                             | x: y           | 192.0.2.9 | route   office: any host, prefix /admin, client, listener
            /admin                             | x: y           | 127.0.0.1 | not     office: client of 192.0.2.0/24
            /none                              | x: y           | 127.0.0.1 | answer  500: all its pools have weight 0: {app: 0}
            """)
    void says(String asked, String field, String client, String line) {
        List<String> lines = explain(
                0,
                "-explain",
                asked,
                "-explain-header",
                field,
                "-explain-client",
                client,
                "-explain-listener",
                "inside");
        assertTrue(lines.stream().anyMatch(each -> each.startsWith("  " + line)), lines::toString);
    }

    @Test
    void theListenerIsThatOfTheUrl() {
        assertEquals(
                List.of(
                        "http://www.example.org/ from 127.0.0.1 by listener web",
                        "  answer  308: the listener web sends everybody to https"),
                explain(0, "-explain", "http://www.example.org/"));
        assertEquals(
                "http://www.example.org:8080/ping from 127.0.0.1 by listener inside",
                explain(0, "-explain", "http://www.example.org:8080/ping").getFirst());
    }

    @Test
    void severalAreAnsweredInTheirOrder() {
        List<String> lines = explain(0, "-explain", "http://x:8080/ping", "-explain", "POST http://x:8080/shop");
        assertEquals(
                List.of(
                        "http://x:8080/ping from 127.0.0.1 by listener inside",
                        "POST http://x:8080/shop from 127.0.0.1 by listener inside"),
                lines.stream().filter(line -> !line.startsWith(" ")).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -explain                  | -explain: no value (expected: 'METHOD URL', a method and a URL or a path
            -explain=                 | -explain: empty (expected: a method and a URL or a path
            -explain=GET              | -explain: GET (expected: a method and a URL or a path, such as 'GET https://api.example.org/v2'
            -explain=ftp://a/         | -explain: ftp://a/ (expected: a method and a URL or a path
            -explain=/ -explain-header=x        | -explain-header: x (expected: the name of a field, a colon and its value
            -explain=/ -explain-client=lan      | -explain-client: lan (expected: an IPv4 or IPv6 address
            -explain=/ -explain-listener=insde  | -explain-listener: insde (did you mean inside?)
            """)
    void refuses(String line, String message) {
        explain(2, line.split(" +"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(message), () -> err.toString(StandardCharsets.UTF_8));
    }

    private List<String> explain(int code, String... flags) {
        out.reset();
        List<String> all = new ArrayList<>(List.of("-config", "waffle.yaml"));
        all.addAll(List.of(flags));
        assertEquals(
                code,
                new Main(
                                Map.of(),
                                folder,
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8))
                        .run(all.toArray(String[]::new)),
                () -> err.toString(StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
