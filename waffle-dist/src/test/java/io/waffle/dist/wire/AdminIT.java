// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin API of a running Waffle: what it tells, what it changes, and what it refuses. */
final class AdminIT {

    private static final int BACKENDS = 3;
    private static final int LARGEST = 1024 * 1024;
    private static final String GET = "GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n";

    private final String[] flags;
    private final Site site;
    private final AdminClient admin;

    AdminIT(@TempDir Path folder) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN + "\n");
        flags = new String[] {"-admin", "127.0.0.1:0", "-admin-token-file", token.toString()};
        site = Site.open(BACKENDS, flags);
        admin = AdminClient.of(site.waffle());
        numbered(site);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    @DisplayName(
            "a backend that is told to drain keeps the clients a cookie keeps with it until the deadline, and gets no others")
    void drainsButForStickyClients() {
        try (Site sticky = Site.open(BACKENDS, and(flags, "-sticky-cookie", "w", "-sticky-drain", "1500ms"))) {
            numbered(sticky);
            String cookie = "";
            while (cookie.isEmpty()) {
                Response first = sticky.get("/");
                cookie = first.text().equals("0")
                        ? first.value("Set-Cookie").orElseThrow().replaceFirst(";.*", "")
                        : "";
            }
            String kept = "GET / HTTP/1.1\r\nHost: waffle.test\r\nCookie: " + cookie + "\r\n\r\n";
            AdminClient.of(sticky.waffle())
                    .change("PATCH", AdminClient.path(sticky.backend(0)), "{\"state\":\"draining\"}");
            long start = System.nanoTime();
            Response next = sticky.exchange(kept);
            if (System.nanoTime() - start
                    < 1_000_000_000) { // else it may have been past the deadline, on a slow machine
                assertEquals("0", next.text());
            }
            for (int i = 0; i < 2 * BACKENDS; i++) {
                assertFalse(sticky.get("/").text().equals("0"));
            }
            assertTrue(Eventually.holds(() -> !sticky.exchange(kept).text().equals("0")));
        }
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

    @Test
    @DisplayName("a backend is told of by its id, and so are its weight, its state, and what it has in flight")
    void oneBackend() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        holding(0, release);
        try (RawClient client = busyAt(0)) {
            JsonObject told = admin.get(AdminClient.path(site.backend(0)).replace(":", "%3A"));
            assertEquals("127.0.0.1:" + site.backend(0).port(), told.getString("id"));
            assertEquals(1, told.getInt("weight"));
            assertEquals("active", told.getString("state"));
            assertEquals(1, told.getJsonObject("status").getInt("in_flight"));
            assertEquals("up", told.getJsonObject("status").getString("health"));
            release.countDown();
            assertEquals(200, client.read().status());
        }
        assertTrue(Eventually.holds(() -> inFlight() == 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            403 | Host: evil.example:PORT        |                               | {"weight":9}     | Host: evil.example:PORT (expected: localhost or a loopback address
            403 | Host: 127.0.0.1:PORT           | Origin: http://evil.example   | {"weight":9}     | Origin: http://evil.example (expected: none, or that of this listener)
            403 | Host: 127.0.0.1:PORT           | Origin: null                  | {"weight":9}     | Origin: null (expected:
            401 | Host: 127.0.0.1:PORT           | Authorization: none           | {"weight":9}     | Authorization: another token (expected: Bearer and the token of admin.token_file)
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
        assertFalse(site.waffle().output().contains("io.waffle.admin"), site.waffle()::output);
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
    @DisplayName(
            "a draining backend gets no new request and finishes those it has, and keeps its weight for its return")
    void drain() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        holding(1, release);
        try (RawClient client = busyAt(1)) {
            admin.change("PATCH", AdminClient.path(site.backend(1)), "{\"weight\":3}");
            JsonObject draining = admin.change("PATCH", AdminClient.path(site.backend(1)), "{\"state\":\"draining\"}");
            assertEquals(3, draining.getInt("weight"));
            assertEquals(1, draining.getJsonObject("status").getInt("in_flight"));
            site.backend(1).taken();
            for (int i = 0; i < 60; i++) {
                assertEquals(200, site.exchange(GET).status());
            }
            assertEquals(List.of(), site.backend(1).taken());
            release.countDown();
            Response finished = client.read();
            assertEquals(200, finished.status());
            assertEquals("1", finished.text());
        }
        admin.change("PATCH", AdminClient.path(site.backend(1)), "{\"state\":\"active\"}");
        for (int i = 0; i < 50; i++) {
            assertEquals(200, site.exchange(GET).status());
        }
        assertEquals(30, site.backend(1).taken().size(), "3 of each 5");
        String id = "127.0.0.1:" + site.backend(1).port();
        for (String change : List.of("weight 1 -> 3", "state active -> draining", "state draining -> active")) {
            assertEquals(
                    1, count(site.waffle().output(), "INFO io.waffle.admin: admin API: backend " + id + ": " + change));
        }
    }

    @Test
    @DisplayName("backends come, go and change their weights under 64 clients: no request fails")
    void underLoad() throws Exception {
        try (ScriptedBackend more = ScriptedBackend.start();
                Load load = new Load(site.port())) {
            String body = "{\"url\":\"" + more.url() + "\",\"weight\":2}";
            for (int i = 0; i < 30; i++) {
                load.awaitMore(200);
                assertEquals(
                        201, admin.send("PUT", AdminClient.path(more), body).status());
                load.awaitMore(200);
                admin.change("PATCH", AdminClient.path(site.backend(0)), "{\"weight\":" + i % 4 + "}");
                load.awaitMore(200);
                assertEquals(
                        200, admin.send("DELETE", AdminClient.path(more), "").status());
            }
            admin.change("DELETE", AdminClient.path(site.backend(2)), "");
            load.awaitMore(200);
            assertEquals(Map.of(200, load.end()), load.statuses(), site.waffle()::output);
            assertFalse(more.taken().isEmpty());
        }
        assertEquals(0, inFlight());
        site.assertNoFaults();
    }

    @Test
    @DisplayName("the last backend can be removed: requests get a 503 then, until there is one again")
    void removeAll() {
        for (ScriptedBackend backend : site.backends()) {
            assertEquals(
                    "127.0.0.1:" + backend.port(),
                    admin.change("DELETE", AdminClient.path(backend), "").getString("removed"));
        }
        assertEquals(503, site.exchange(GET).status());
        Response ready = admin.send("GET", "/readyz", "");
        assertEquals(503, ready.status());
        assertTrue(ready.text().contains("none of 0 backends is available"), ready::text);
        admin.change(
                "PUT",
                AdminClient.path(site.backend(2)),
                "{\"url\":\"" + site.backend(2).url() + "\"}");
        assertEquals("2", site.exchange(GET).text());
        assertEquals(200, admin.send("GET", "/readyz", "").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName("a hundred explanations move nothing, and tell where the next request goes")
    void explain(String strategy) throws Exception {
        List<RawClient> busy = new ArrayList<>();
        try (Site other = Site.open(BACKENDS, withStrategy(strategy));
                RawClient client = other.client()) {
            numbered(other);
            AdminClient api = AdminClient.of(other.waffle());
            if (strategy.equals("least-connections")) {
                // Two are busy, so it is no lot which is the least loaded.
                other.backends().forEach(backend -> backend.on(request -> Thread.sleep(Long.MAX_VALUE)));
                for (int i = 0; i < BACKENDS - 1; i++) {
                    busy.add(other.client().send(GET));
                }
                assertTrue(
                        Eventually.holds(() -> api.get("/api/pools").toString().contains("\"in_flight\":2")));
                numbered(other);
            }
            int before = Integer.parseInt(client.exchange(GET).text());
            for (int round = 0; round < 4; round++) {
                String choice = "";
                for (int i = 0; i < 100; i++) {
                    JsonObject told = api.get("/api/explain?client=127.0.0.1&path=/x");
                    assertEquals("policy", told.getString("reason"));
                    choice = told.getString("choice");
                }
                int next = Integer.parseInt(client.exchange(GET).text());
                assertEquals("127.0.0.1:" + other.backend(next).port(), choice);
                int expected = strategy.equals("round-robin") ? (before + 1) % BACKENDS : before;
                assertEquals(expected, next, "as if nobody had asked");
                before = next;
            }
        }
        busy.forEach(RawClient::close);
    }

    @Test
    @DisplayName("an explanation says what speaks against each backend")
    void obstacles() {
        admin.change("PATCH", AdminClient.path(site.backend(0)), "{\"state\":\"draining\"}");
        admin.change("PATCH", AdminClient.path(site.backend(1)), "{\"weight\":0}");
        JsonObject told = admin.get("/api/explain?client=192.0.2.7&path=/a%3Fb=c&method=POST&host=waffle.test");
        assertEquals("192.0.2.7", told.getJsonObject("request").getString("client"));
        assertEquals("/a?b=c", told.getJsonObject("request").getString("path"));
        assertEquals("127.0.0.1:" + site.backend(2).port(), told.getString("choice"));
        assertEquals("[\"draining\"]", obstacles(told, 0));
        assertEquals("[\"no_weight\"]", obstacles(told, 1));
        assertEquals("[]", obstacles(told, 2));
        assertEquals(400, admin.send("GET", "/api/explain?klient=1.2.3.4", "").status());
    }

    @Test
    @DisplayName("ready until all backends are down or a stop is under way; alive as long as the process serves")
    void ready() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        holding(0, release);
        RawClient client = busyAt(0);
        assertEquals(200, admin.send("GET", "/readyz", "").status());
        site.waffle().signal("TERM");
        site.waffle().awaitOutput(Pattern.compile("stopping: waiting for requests in flight"));
        assertTrue(Eventually.holds(() -> admin.send("GET", "/readyz", "").status() == 503));
        assertTrue(admin.send("GET", "/readyz", "").text().contains("Waffle is stopping"));
        assertEquals(200, admin.send("GET", "/healthz", "").status());
        assertEquals(1, inFlight(), "it can be watched draining");
        release.countDown();
        assertEquals("0", client.read().text());
        var ended = site.waffle().awaitEnd();
        assertEquals(0, ended.code());
        assertFalse(ended.output().contains("Exception"), ended::output);
        assertFalse(ended.output().contains("io.helidon"), ended::output);
        client.close();
    }

    @Test
    @DisplayName("not ready while health checks fail everywhere")
    void allDown() {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("-health-check-path", "/healthz", "-health-check-interval", "20ms"));
        try (Site other = Site.open(2, all.toArray(String[]::new))) {
            AdminClient api = AdminClient.of(other.waffle());
            assertEquals(200, api.send("GET", "/readyz", "").status());
            other.backends().forEach(backend -> backend.answer("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
            assertTrue(Eventually.holds(() -> api.send("GET", "/readyz", "").status() == 503));
            assertEquals(
                    "down",
                    api.get(AdminClient.path(other.backend()))
                            .getJsonObject("status")
                            .getString("health"));
            assertEquals(200, api.send("GET", "/healthz", "").status());
            other.backends().forEach(backend -> backend.on(ScriptedBackend.OK));
            assertTrue(Eventually.holds(() -> api.send("GET", "/readyz", "").status() == 200));
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

    private String[] withStrategy(String strategy) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("-lb-strategy", strategy));
        return all.toArray(String[]::new);
    }

    /** Each backend answers with its number. */
    private static String[] and(String[] flags, String... more) {
        return Stream.concat(Stream.of(flags), Stream.of(more)).toArray(String[]::new);
    }

    private static void numbered(Site site) {
        for (int i = 0; i < site.backends().size(); i++) {
            String number = Integer.toString(i);
            site.backend(i).on(request -> {
                request.readBody();
                request.connection().answer(200, number);
            });
        }
    }

    /** The first request to this backend waits. */
    private void holding(int number, CountDownLatch release) {
        CountDownLatch once = new CountDownLatch(1);
        site.backend(number).on(request -> {
            request.readBody();
            if (once.getCount() > 0) {
                once.countDown();
                release.await();
            }
            request.connection().answer(200, Integer.toString(number));
        });
    }

    /** A client whose request is at this backend. */
    private RawClient busyAt(int number) {
        for (int i = 0; i < BACKENDS; i++) {
            RawClient client = site.client().send(GET);
            assertTrue(Eventually.holds(
                    () -> answered(client) || !site.backend(number).taken().isEmpty()));
            if (!answered(client)) {
                return client;
            }
            client.close();
        }
        throw new AssertionError("nothing came to backend " + number);
    }

    private static boolean answered(RawClient client) {
        try {
            return client.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int inFlight() {
        return admin.get("/api/pools")
                .getJsonArray("pools")
                .getJsonObject(0)
                .getJsonObject("counts")
                .getInt("in_flight");
    }

    private static String obstacles(JsonObject told, int number) {
        return told.getJsonArray("backends")
                .getJsonObject(number)
                .getJsonArray("obstacles")
                .toString();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
