// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes, as the admin API lists, explains and changes them, beside what happens to requests. */
final class AdminRoutesIT {

    private final List<ScriptedBackend> backends = NumberedBackends.start(2);

    @AutoClose
    private final ConfiguredWaffle waffle;

    private final AdminClient admin;

    AdminRoutesIT(@TempDir Path folder) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN);
        waffle = ConfiguredWaffle.start(
                folder, yaml(95, ""), "-admin", "127.0.0.1:0", "-admin-token-file", token.toString());
        admin = AdminClient.of(waffle.process());
    }

    @AfterEach
    void close() {
        backends.forEach(ScriptedBackend::close);
    }

    private String yaml(int weight, String more) {
        return """
                listen: 127.0.0.1:0
                pools:
                  app: {backends: [%s]}
                  green: {backends: [%s]}
                routes:
                  - {name: ping, path: {exact: /ping}, respond: {status: 200, body: pong}}
                  - {name: old, hosts: [old.test], redirect: {host: www.test, status: 308}}
                  - {name: tenant, hosts: [waffle.test], path: /t, headers: {x-tenant: acme}, to: green}
                  - {name: keyed, path: /keyed, split_by: "header:x-user", to: {app: 1, green: 1}}
                  - {name: rest, hosts: [waffle.test, "*.waffle.test"], to: {app: %d, green: 0}}
                %s""".formatted(backends.get(0).url(), backends.get(1).url(), weight, more);
    }

    @Test
    @DisplayName("routes are listed in the order in which they win, each with its conditions and what it does")
    void listed() {
        List<JsonObject> routes =
                admin.get("/api/routes").getJsonArray("routes").getValuesAs(JsonObject.class);
        assertEquals(
                List.of("tenant", "rest", "old", "ping", "keyed"),
                routes.stream().map(route -> route.getString("name")).toList());
        assertEquals(
                List.of("host waffle.test, prefix /", "host *.waffle.test, prefix /"),
                routes.get(1).getJsonArray("conditions").getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .toList());
        assertEquals(
                "{\"app\":95,\"green\":0}", routes.get(1).getJsonObject("to").toString());
        assertEquals(
                "{\"status\":308,\"host\":\"www.test\"}",
                routes.get(2).getJsonObject("redirect").toString());
        assertEquals(routes.get(4), admin.get("/api/routes/keyed"));
        assertEquals(404, admin.send("GET", "/api/routes/none", "").status());
    }

    @Test
    @DisplayName(
            "the route and the pool that are told of are those a request takes, and the losers say what they failed at")
    void explained() {
        JsonObject told = admin.get("/api/explain?host=WAFFLE.test&path=/t/./%2561&header=x-tenant:acme");
        assertEquals("/t/./a", told.getString("canonical_path"));
        assertEquals("tenant", told.getJsonObject("route").getString("name"));
        assertEquals(
                "host exact, prefix /t, 1 header", told.getJsonObject("route").getString("rank"));
        assertEquals("green", told.getString("pool"));
        assertEquals("rest", told.getJsonArray("losers").getJsonObject(0).getString("name"));
        JsonObject without = admin.get("/api/explain?host=waffle.test&path=/t");
        assertEquals("rest", without.getJsonObject("route").getString("name"));
        assertEquals(
                "{\"name\":\"tenant\",\"failed\":\"header x-tenant=acme\"}",
                without.getJsonArray("losers").get(0).toString());
        assertEquals(404, answer("/api/explain?host=nobody.test"));
        assertEquals(308, answer("/api/explain?host=old.test"));
        assertEquals(200, answer("/api/explain?path=/ping"));
        assertEquals(400, answer("/api/explain?path=/keyed/../ping"));
        for (int i = 0; i < 20; i++) {
            String pool =
                    admin.get("/api/explain?path=/keyed&header=X-User:u" + i).getString("pool");
            assertEquals(pool.equals("app") ? "0" : "1", keyed("u" + i));
        }
    }

    private int answer(String target) {
        return admin.get(target).getJsonObject("answer").getInt("status");
    }

    private String keyed(String user) {
        try (RawClient client = RawClient.to(waffle.port())) {
            return client.exchange("GET /keyed HTTP/1.1\r\nHost: any\r\nX-User: " + user + "\r\n\r\n")
                    .text();
        }
    }

    @Test
    @DisplayName("the very next request goes by other weights, and neither connections nor tunnels notice")
    void changed() {
        backends.get(0).on(Tunnels.echoOr(ScriptedBackend.answering(200, "0")));
        try (RawClient tunnel = Tunnels.open(waffle.port());
                RawClient kept = RawClient.to(waffle.port())) {
            assertEquals("0", kept.exchangeGet("/").text());
            int connections = backends.get(0).connections();
            for (int i = 0; i < 20; i++) {
                admin.change("PATCH", "/api/routes/rest", "{\"to\": {\"green\": 100}}");
                assertEquals("1", kept.exchangeGet("/").text());
                admin.change("PATCH", "/api/routes/rest", "{\"to\": {\"app\": 100}}");
                assertEquals("0", kept.exchangeGet("/").text());
            }
            assertTrue(Tunnels.isOpen(tunnel));
            assertEquals(connections, backends.get(0).connections());
            assertEquals(1, backends.get(1).connections());
        }
    }

    @Test
    @DisplayName(
            "a change is refused if the route is not as If-Match has it, leads to no pool, or the weights are wrong")
    void refused() {
        String tag = admin.send("GET", "/api/routes/rest", "").value("ETag").orElseThrow();
        assertEquals(200, conditional("rest", tag).status());
        assertEquals(412, conditional("rest", tag).status());
        assertEquals(200, conditional("rest", "*").status());
        assertEquals(404, conditional("none", "*").status());
        for (String body : List.of(
                "{}",
                "{\"to\": {}}",
                "{\"to\": \"app\"}",
                "{\"to\": {\"app\": -1}}",
                "{\"to\": {\"app\": 65536}}",
                "{\"to\": {\"app\": \"1\"}}",
                "{\"weights\": {\"app\": 1}}")) {
            assertEquals(400, admin.send("PATCH", "/api/routes/rest", body).status(), body);
        }
        assertEquals(
                404,
                admin.send("PATCH", "/api/routes/rest", "{\"to\": {\"grey\": 1}}")
                        .status());
        assertEquals(
                409,
                admin.send("PATCH", "/api/routes/ping", "{\"to\": {\"app\": 1}}")
                        .status());
    }

    private Response conditional(String route, String tag) {
        String body = "{\"to\": {\"app\": 1, \"green\": 2}}";
        return admin.exchange("PATCH /api/routes/" + route + " HTTP/1.1\r\n" + admin.host() + "Authorization: Bearer "
                + AdminClient.TOKEN + "\r\nContent-Type: application/json\r\nIf-Match: " + tag + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    @Test
    @DisplayName("a route that is closed answers 503 until it is opened again, or a reload has it otherwise")
    void closed() {
        admin.change("PATCH", "/api/routes/rest", "{\"maintenance\": true}");
        try (RawClient client = RawClient.to(waffle.port())) {
            Response closed = client.exchangeGet("/");
            assertEquals(503, closed.status());
            assertTrue(closed.value("Retry-After").isPresent());
        }
        assertEquals(503, answer("/api/explain?host=waffle.test"));
        waffle.reload(yaml(95, "timeouts: {request: 9s}\n"));
        assertTrue(admin.get("/api/routes/rest").getBoolean("maintenance"));
        admin.change("PATCH", "/api/routes/rest", "{\"maintenance\": false}");
        assertEquals(Set.of("0"), served());
        assertFalse(admin.get("/api/routes/rest").getBoolean("changed"));
        assertEquals(
                400,
                admin.send("PATCH", "/api/routes/rest", "{\"maintenance\": \"yes\"}")
                        .status());
    }

    @Test
    @DisplayName("a change lasts until a reload changes its route, which says so")
    void lasts() {
        admin.change("PATCH", "/api/routes/rest", "{\"to\": {\"green\": 1}}");
        waffle.reload(yaml(95, "timeouts: {request: 9s}\n"));
        assertTrue(admin.get("/api/routes/rest").getBoolean("changed"));
        assertEquals(Set.of("1"), served());
        waffle.reload(yaml(90, ""));
        assertFalse(admin.get("/api/routes/rest").getBoolean("changed"));
        assertEquals(Set.of("0"), served());
        assertTrue(
                waffle.process()
                        .output()
                        .contains("undone: route rest to {app: 0, green: 1} -> to {app: 90, green: 0}"),
                waffle.process()::output);
    }

    private Set<String> served() {
        Set<String> served = new TreeSet<>();
        IntStream.range(0, 10).forEach(i -> {
            try (RawClient client = RawClient.to(waffle.port())) {
                served.add(client.exchangeGet("/").text());
            }
        });
        return served;
    }
}
