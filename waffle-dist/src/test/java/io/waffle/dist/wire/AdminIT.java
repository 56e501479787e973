// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the admin API of a running Waffle answers, and what it refuses: one Waffle for all, since none of it changes a thing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AdminIT {

    /** What somebody may have sent who then says nothing more. */
    private static final List<String> HALVES =
            List.of("", "GET /rea", "GET /readyz HTTP/1.1\r\n", "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n");

    private static final int LARGEST = 1024 * 1024;

    @AutoClose
    private final AdminSite running;

    private final Site site;
    private final AdminClient admin;

    AdminIT(@TempDir Path folder) {
        running = AdminSite.open(folder);
        site = running.site();
        admin = running.admin();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/pools", "/api/backends", "/api/explain", "/api/openapi.json", "/healthz", "/readyz"})
    @DisplayName("what is asked for is answered in JSON that nobody keeps, guesses at, or learns a version from")
    void answers(String target) {
        Response response = admin.send("GET", target, "");
        assertEquals(200, response.status());
        assertEquals(Optional.of("application/json"), response.value("Content-Type"));
        assertEquals(Optional.of("no-store"), response.value("Cache-Control"));
        assertEquals(Optional.of("nosniff"), response.value("X-Content-Type-Options"));
        assertEquals(Optional.empty(), response.value("Server"));
        assertEquals(Optional.empty(), response.value("Access-Control-Allow-Origin"));
        assertFalse(AdminClient.json(response).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            403 | Host: evil.example:PORT        |                               | {"weight":9}     | Host: evil.example:PORT (expected: localhost or a loopback address
            403 | Host: 127.0.0.1:PORT           | Origin: http://evil.example   | {"weight":9}     | Origin: http://evil.example (expected: none, or that of this listener)
            403 | Host: 127.0.0.1:PORT           | Origin: null                  | {"weight":9}     | Origin: null (expected:
            401 | Host: 127.0.0.1:PORT           | Authorization: none           | {"weight":9}     | Authorization: without the word Bearer (expected: Bearer and the token of admin.token_file)
            401 | Host: 127.0.0.1:PORT           | Authorization: Bearer wrong-horse-battery-staple | {"weight":9} | Authorization: another token (expected:
            415 | Host: 127.0.0.1:PORT           | Content-Type: text/plain      | {"weight":9}     | Content-Type: text/plain (expected: application/json)
            400 | Host: 127.0.0.1:PORT           |                               | {"wieght":9}     | field: wieght (expected: one of weight, state)
            400 | Host: 127.0.0.1:PORT           |                               | {"weight":65536} | weight: 65536 (expected: a whole number of 0 to 65535)
            400 | Host: 127.0.0.1:PORT           |                               | {"weight":-1}    | weight: -1 (expected: a whole number of 0 to 65535)
            400 | Host: 127.0.0.1:PORT           |                               | {"state":"down"} | state: down (expected: active or draining)
            400 | Host: 127.0.0.1:PORT           |                               | weight=9         | body: no JSON
            400 | Host: 127.0.0.1:PORT           | Content-Encoding: gzip        | {"weight":9}     | Bad Request
            """)
    @DisplayName("what must not be is refused, with an error that says what and why, and changes nothing")
    void refuses(int status, String host, String field, String body, String error) {
        JsonObject before = admin.get("/api/backends");
        int changes = site.waffle().countInOutput("io.waffle.admin");
        String port = Integer.toString(admin.port());
        String fields = with(field == null ? "" : field);
        Response response = admin.exchange(
                "PATCH " + AdminClient.path(site.backend(0)) + " HTTP/1.1\r\n" + host.replace("PORT", port) + "\r\n"
                        + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        assertEquals(status, response.status(), response::text);
        assertEquals(Optional.of("application/json"), response.value("Content-Type"));
        String said = AdminClient.json(response).getString("error");
        assertTrue(said.contains(error.replace("PORT", port)), said);
        assertEquals(before, admin.get("/api/backends"));
        assertEquals(changes, site.waffle().countInOutput("io.waffle.admin"), site.waffle()::output);
    }

    /** What a good change has, with this field in place of its own. */
    private static String with(String field) {
        StringBuilder fields = new StringBuilder(field.isEmpty() ? "" : field + "\r\n");
        for (String usual : List.of("Authorization: Bearer " + AdminClient.TOKEN, "Content-Type: application/json")) {
            if (!field.startsWith(usual.substring(0, usual.indexOf(':')))) {
                fields.append(usual).append("\r\n");
            }
        }
        return fields.toString();
    }

    @Test
    @DisplayName("those who say nothing, or half of it, keep nobody out")
    void silence() {
        List<RawClient> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                silent.add(RawClient.to(admin.port()));
                silent.getLast().send(HALVES.get(i % HALVES.size()));
            }
            long began = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertEquals(200, admin.send("GET", "/api/pools", "").status());
            }
            // half of the patience that those who are silent have
            assertTrue(System.nanoTime() - began < Duration.ofSeconds(15).toNanos());
        } finally {
            silent.forEach(RawClient::close);
        }
    }

    @Test
    @DisplayName("a change to a backend that is not there is refused, and makes none")
    void notThere() {
        JsonObject before = admin.get("/api/backends");
        for (String method : List.of("PATCH", "DELETE")) {
            Response response =
                    admin.send(method, "/api/backends/nowhere:1", method.equals("PATCH") ? "{\"weight\":1}" : "");
            assertEquals(404, response.status());
            assertTrue(response.text().contains("backend: nowhere:1 (expected: the id of a backend"), response::text);
        }
        assertEquals(
                409,
                admin.send("PUT", "/api/backends/a:1", "{\"url\":\"http://b:1\"}")
                        .status());
        assertEquals(404, admin.send("POST", "/api/nothing", "{}").status());
        Response post = admin.send("POST", "/api/backends", "{}");
        assertEquals(405, post.status());
        assertEquals(Optional.of("GET"), post.value("Allow"));
        assertEquals(before, admin.get("/api/backends"));
    }

    @Test
    @DisplayName("a body over 1 MiB is refused, whether its length is announced or not, and the client gets to read it")
    void tooLarge() {
        JsonObject before = admin.get("/api/backends");
        String blanks = " ".repeat(LARGEST + 1);
        String head = "PATCH " + AdminClient.path(site.backend(0)) + " HTTP/1.1\r\n" + admin.host() + with("");
        for (String request : List.of(
                head + "Content-Length: " + blanks.length() + "\r\n\r\n" + blanks,
                head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(blanks.length()) + "\r\n" + blanks
                        + "\r\n0\r\n\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\n"
                        + "10000\r\n".concat(" ".repeat(65_536)).concat("\r\n").repeat(17) + "0\r\n\r\n")) {
            Response response = admin.exchange(request);
            assertEquals(413, response.status());
            assertTrue(response.text().contains("body: too large (expected: at most 1048576 bytes)"), response::text);
        }
        Response fits =
                admin.send("PATCH", AdminClient.path(site.backend(0)), " ".repeat(LARGEST - 12) + "{\"weight\":1}");
        assertEquals(200, fits.status(), fits::text);
        assertEquals(before, admin.get("/api/backends"));
    }

    @Test
    @DisplayName("without a token configured nothing is changed, and the answer names the setting")
    void withoutToken() {
        try (Site other = Site.open(1, "-admin", "localhost:0")) {
            AdminClient tokenless = AdminClient.of(other.waffle());
            assertTrue(other.waffle().output().contains(", without a token: it changes nothing"));
            Response response = tokenless.send("PATCH", AdminClient.path(other.backend()), "{\"weight\":0}");
            assertEquals(403, response.status());
            assertTrue(response.text().contains("admin.token_file"), response::text);
            assertEquals(200, other.get("/").status());
        }
    }

    @Test
    @DisplayName("a connection is closed when the client asks for it, and kept when not")
    void connections() {
        String ask = "GET /healthz HTTP/1.1\r\n" + admin.host();
        try (RawClient client = RawClient.to(admin.port())) {
            assertEquals(200, client.exchange(ask + "\r\n").status());
            assertEquals(200, client.exchange(ask + "\r\n").status());
            assertEquals(200, client.exchange(ask + "Connection: close\r\n\r\n").status());
            client.awaitEnd();
        }
        assertEquals(400, admin.exchange("GET /healthz HTTP/1.1\r\n\r\n").status());
        Response large = admin.exchange(ask + "X: " + "x".repeat(20_000) + "\r\n\r\n");
        assertEquals(400, large.status());
        assertEquals(Optional.of("application/json"), large.value("Content-Type"));
    }

    @Test
    @DisplayName("off by default, and then none of it is loaded")
    void off() {
        try (Site other = Site.open(1, Map.of("WAFFLE_JAVA_OPTS", "-Xlog:class+load"))) {
            assertEquals(200, other.get("/").status());
            assertEquals(0, other.waffle().terminate());
            String output = other.waffle().output();
            assertTrue(output.contains("io.waffle.server.pool.Pool "), "classes are logged");
            assertFalse(output.contains("io.waffle.server.admin.AdminListener"), "no admin API");
            assertFalse(output.contains("jakarta.json.Json "), "no JSON");
            assertFalse(output.contains("admin API"));
        }
    }

    @Test
    @DisplayName("an address that is in use is said, and nothing is left running")
    void inUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ended = WaffleProcess.run(
                    "-listen",
                    "127.0.0.1:0",
                    "-backends",
                    "http://127.0.0.1:1",
                    "-admin",
                    "127.0.0.1:" + taken.getLocalPort());
            assertEquals(1, ended.code());
            assertTrue(ended.output().contains("cannot start: admin.listen: cannot listen on "), ended::output);
        }
    }
}
