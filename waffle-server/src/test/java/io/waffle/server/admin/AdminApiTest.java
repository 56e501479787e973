// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.AdminFixture.ask;
import static io.waffle.server.admin.AdminFixture.error;
import static io.waffle.server.admin.AdminFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.admin.AdminFixture.Asked;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.Configs;
import io.waffle.server.loop.MemoryBudget;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered, what is refused, and what is then as it was. */
final class AdminApiTest {

    private static final String B = "/api/backends/b%3A80/pre%252Ffix%2540x";

    private final AdminFixture fixture = new AdminFixture();

    @Test
    void reloadIsDoneOrSaysWhyNot() {
        Reply done = fixture.answer(AdminFixture.ask("POST", "/api/reload"));
        assertEquals(200, done.status());
        assertTrue(AdminFixture.json(done).getBoolean("reloaded"));
        fixture.problems = List.of("a.yaml:1: listen: x (expected: y)", "a.yaml:2: z");
        Reply refused = fixture.answer(AdminFixture.ask("POST", "/api/reload"));
        assertEquals(422, refused.status());
        assertEquals(
                "nothing was changed: a.yaml:1: listen: x (expected: y); a.yaml:2: z", AdminFixture.error(refused));
    }

    @Test
    void tellsOfThePool() {
        JsonObject pool = fixture.get("/api/pools").getJsonArray("pools").getJsonObject(0);
        assertEquals(
                "{\"name\":\"default\",\"strategy\":\"last\",\"quarantined\":false,\"faults\":0,"
                        + "\"counts\":{\"backends\":2,\"available\":2,\"in_flight\":0}}",
                pool.toString());
    }

    /** So many that anything that looks at all of them for each of them takes minutes. */
    @Test
    void tellsOfManyBackends() {
        int many = 50_000;
        fixture.membership.change(none -> IntStream.range(0, many)
                .mapToObj(i -> URI.create("http://10.0.%d.%d:80".formatted(i >> 8, i & 255)))
                .map(url -> Configs.backend(BackendUrl.of(url), 1, Map.of()))
                .toList());
        assertTimeout(Duration.ofSeconds(60), () -> {
            JsonArray all = fixture.get("/api/backends").getJsonArray("backends");
            assertEquals(many, all.size());
            JsonObject last = all.getJsonObject(many - 1);
            assertEquals("10.0.195.79:80", last.getString("id"));
            assertEquals("up", last.getJsonObject("status").getString("health"));
        });
    }

    @Test
    void tellsOfMemory() {
        assertTrue(fixture.memory.tryTake(MemoryBudget.Use.WORK, 1000));
        assertFalse(fixture.memory.tryTake(MemoryBudget.Use.SPARE, 1));
        JsonObject memory = fixture.get("/api/memory");
        assertEquals(1600, memory.getInt("bound"));
        assertEquals(1000, memory.getInt("taken"));
        assertEquals(
                "[{\"use\":\"spare\",\"most\":800,\"refused\":1},{\"use\":\"connection\",\"most\":1200,\"refused\":0},"
                        + "{\"use\":\"request\",\"most\":1400,\"refused\":0},{\"use\":\"work\",\"most\":1600,\"refused\":0}]",
                memory.getJsonArray("uses").toString());
        assertTrue(memory.getJsonObject("heap").getJsonNumber("max").longValue() > 0);
    }

    @Test
    void tellsOfEachBackend() {
        fixture.eject();
        JsonArray backends = fixture.get("/api/backends").getJsonArray("backends");
        assertEquals(
                "{\"id\":\"a:80\",\"pool\":\"default\",\"url\":\"http://a:80\",\"weight\":5,\"state\":\"active\",\"in_flight\":0,"
                        + "\"labels\":{\"zone\":\"north\"},\"status\":{\"health\":\"up\",\"available\":true,"
                        + "\"effective_weight\":5.0,\"in_flight\":0,\"ejections\":0,\"ejected_until\":null}}",
                backends.get(0).toString());
        JsonObject ejected = backends.getJsonObject(1).getJsonObject("status");
        assertEquals("ejected", ejected.getString("health"));
        assertEquals("2026-01-01T00:00:10Z", ejected.getString("ejected_until"));
        assertEquals(1, ejected.getInt("ejections"));
        assertFalse(ejected.getBoolean("available"));
        fixture.pool.markDown(fixture.backend("a:80"));
        assertEquals(
                "down",
                fixture.get("/api/backends/a:80").getJsonObject("status").getString("health"));
    }

    /** A colon, a slash and an at sign may stand as they are; a percent sign of the id is encoded itself. */
    @ParameterizedTest
    @ValueSource(strings = {B, "/api/backends/b:80/pre%252Ffix%2540x", "/api/backends/%62%3a80%2Fpre%252Ffix%2540x"})
    void findsAnIdHoweverItIsEncoded(String target) {
        assertEquals("b:80/pre%2Ffix%40x", fixture.get(target).getString("id"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/backends/b:80/pre%2Ffix@x | 404 | backend: b:80/pre/fix@x (expected: the id of a backend
            /api/backends/A:80             | 404 | backend: A:80 (expected:
            /api/backends/%GG              | 400 | path: %GG (expected: two hexadecimal digits after each %)
            /api/backends/%a               | 400 | path: %a (expected: two hexadecimal
            /api/backends/%ff              | 400 | path: %ff (expected: UTF-8
            /api/backends/                 | 404 | path: /api/backends/ (expected: one of /api/backends,
            /api/backend                   | 404 | path: /api/backend (expected: one of /api/backends,
            /                              | 404 | path: / (
            /api/pools?verbose=1           | 400 | query parameter: verbose (expected: none)
            /api/pools?                    | 200 |
            /api/explain?client=1.2.3      | 400 | client: 1.2.3 (expected: an IPv4 or IPv6 address)
            /api/explain?client=localhost  | 400 | client: localhost (expected:
            /api/explain?client=::1::2     | 400 | client: ::1::2 (expected:
            /api/explain?client=           | 400 | client: empty (expected:
            /api/explain?path=x            | 400 | path: x (expected: a path that begins with a slash
            /api/explain?path=%2Fa%20b     | 400 | path: /a b (expected:
            /api/explain?method=A%0AB      | 400 | (expected: a method)
            /api/explain?host=%00          | 400 | (expected: a host)
            /api/explain?path=/&path=/     | 400 | query parameter: path (expected: once)
            /api/explain?ip=1.2.3.4        | 400 | query parameter: ip (expected: one of client, path, method, host, cookie, header, listener, pool, server_name)
            """)
    void refusesWrongTargets(String target, int status, String error) {
        Reply reply = fixture.answer(ask("GET", target));
        assertEquals(status, reply.status(), reply::body);
        assertTrue(status == 200 || error(reply).contains(error), reply::body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | /api/pools         | GET
            DELETE | /api/pools         | GET
            HEAD   | /healthz           | GET
            OPTIONS| /api/backends/a:80 | GET, PATCH, PUT, DELETE
            POST   | /api/backends/a:80 | GET, PATCH, PUT, DELETE
            """)
    void namesTheMethodsThereAre(String method, String target, String allowed) {
        Reply reply = fixture.answer(ask(method.strip(), target));
        assertEquals(405, reply.status());
        assertEquals(Map.of("Allow", allowed), reply.fields());
        assertEquals("method: " + method.strip() + " (expected: " + allowed + ")", error(reply));
    }

    @Test
    void tellsWhoPostsABackendHowToAddOne() {
        Reply reply = fixture.answer(ask("POST", "/api/backends"));
        assertEquals(405, reply.status());
        assertEquals("method: POST (expected: GET; to add one: PUT /api/backends/HOST:PORT)", error(reply));
    }

    @Test
    void aPatchChangesWhatItNamesAndNothingElse() {
        BackendConfig before = fixture.membership.configured().getFirst();
        Object same = fixture.backend("a:80");
        JsonObject after =
                json(fixture.answer(ask("PATCH", "/api/backends/a%3A80").body("{\"state\":\"draining\"}")));
        assertEquals("draining", after.getString("state"));
        assertEquals(5, after.getInt("weight"));
        assertFalse(after.getJsonObject("status").getBoolean("available"));
        assertEquals(before.withDraining(true), fixture.membership.configured().getFirst());
        fixture.answer(ask("PATCH", "/api/backends/a:80").body("{\"weight\":0,\"state\":\"active\"}"));
        assertEquals(before.withWeight(0), fixture.membership.configured().getFirst());
        fixture.answer(ask("PATCH", "/api/backends/a:80").body("{\"weight\":65535}"));
        assertEquals(before.withWeight(65_535), fixture.membership.configured().getFirst());
        assertSame(same, fixture.backend("a:80"));
        assertEquals(3, fixture.changes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"weight":65536}                | weight: 65536 (expected: a whole number of 0 to 65535)
            {"weight":-1}                   | weight: -1 (expected: a whole number
            {"weight":1.5}                  | weight: 1.5 (expected: a whole number
            {"weight":1e2}                  | (expected: a whole number
            {"weight":1e999999999}          | (expected: a whole number
            {"weight":"5"}                  | weight: "5" (expected: a number)
            {"weight":null}                 | weight: null (expected: a number)
            {"state":"down"}                | state: down (expected: active or draining)
            {"state":true}                  | state: true (expected: a string)
            {"wieght":5}                    | field: wieght (expected: one of weight, state)
            {"weight":9,"url":"http://a:80"}| field: url (expected: one of weight, state)
            {"weight":9,"weight":1}         | Duplicate key 'weight' is not allowed
            {}                              | body: no field (expected: one of weight, state)
            []                              | body: no JSON object (expected: a JSON object)
            {"weight":9                     | body: no JSON:
            """)
    void refusesAWrongPatchAndChangesNothing(String body, String error) {
        List<BackendConfig> before = fixture.membership.configured();
        Reply reply = fixture.answer(ask("PATCH", "/api/backends/a:80").body(body));
        assertEquals(400, reply.status());
        assertTrue(error(reply).contains(error), reply::body);
        assertEquals(before, fixture.membership.configured());
        assertEquals(0, fixture.changes);
    }

    @Test
    void whatIsNotThereCannotBeChanged() {
        for (Asked asked : List.of(
                ask("PATCH", "/api/backends/c:80").body("{\"weight\":1}"), ask("DELETE", "/api/backends/c:80"))) {
            Reply reply = fixture.answer(asked);
            assertEquals(404, reply.status());
            assertEquals("backend: c:80 (expected: " + Views.UNKNOWN + ")", error(reply));
        }
        assertEquals(2, fixture.membership.configured().size());
        assertEquals(0, fixture.changes);
    }

    @Test
    void aPutAddsAndReplaces() {
        String body =
                "{\"url\":\"https://C/x/\",\"weight\":3,\"in_flight\":9,\"labels\":{\"a\":\"b\"},\"health_port\":81,"
                        + "\"health_path\":\"/h\",\"state\":\"draining\"}";
        Reply added = fixture.answer(ask("PUT", "/api/backends/c:443/x").body(body));
        assertEquals(201, added.status(), added::body);
        JsonObject view = json(added);
        assertEquals("https://c:443/x", view.getString("url"));
        assertEquals(
                List.of(3, 9, 81),
                List.of(view.getInt("weight"), view.getInt("in_flight"), view.getInt("health_port")));
        assertEquals("/h", view.getString("health_path"));
        assertEquals("draining", view.getString("state"));
        assertEquals("b", view.getJsonObject("labels").getString("a"));
        Reply replaced = fixture.answer(ask("PUT", "/api/backends/c:443/x").body("{\"url\":\"https://c/x\"}"));
        assertEquals(200, replaced.status());
        BackendConfig now = fixture.membership.configured().getLast();
        assertEquals(1, now.weight());
        assertEquals(7, now.inFlight(), "as limits.backend_in_flight says");
        assertEquals(Map.of(), now.labels());
        assertFalse(now.draining());
        assertEquals(3, fixture.pool.backends().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            400 | {"weight":1}                              | body: no url (expected: a backend with the field url)
            400 | {"url":"ftp://c"}                         | url: ftp://c (expected: http://HOST
            400 | {"url":"http://c?x=1"}                    | url: http://c?x=1 (expected: no query
            400 | {"url":5}                                 | url: 5 (expected: a string)
            409 | {"url":"http://d"}                        | url: http://d:80 (expected: the URL of c:80; this one is that of d:80)
            409 | {"url":"http://c/x"}                      | url: http://c:80/x (expected: the URL of c:80
            400 | {"url":"http://c","in_flight":-1}         | in_flight: -1 (expected: a whole number of 0 to 1000000)
            400 | {"url":"http://c","labels":["a"]}         | labels: ["a"] (expected: an object whose values are strings)
            400 | {"url":"http://c","labels":{"a":1}}       | labels.a: 1 (expected: a string)
            400 | {"url":"http://c","labels":{"a":"\\ud800"}} | labels.a: half a surrogate pair (expected: text)
            400 | {"url":"http://c","health_port":0}        | health_port: 0 (expected: a whole number of 1 to 65535)
            400 | {"url":"http://c","health_path":"x"}      | health_path: x (expected: a path that begins with a slash
            400 | {"url":"http://c","id":"c:80"}            | field: id (expected: one of url, weight,
            """)
    void refusesAWrongPutAndChangesNothing(int status, String body, String error) {
        Reply reply = fixture.answer(ask("PUT", "/api/backends/c:80").body(body));
        assertEquals(status, reply.status(), reply::body);
        assertTrue(error(reply).contains(error), reply::body);
        assertEquals(2, fixture.membership.configured().size());
        assertEquals(0, fixture.changes);
    }

    @Test
    void aDeleteRemovesTheLastOneToo() {
        assertEquals(400, fixture.answer(ask("DELETE", B).body("{}")).status());
        Reply reply = fixture.answer(ask("DELETE", B).with("content-type"));
        assertEquals(200, reply.status());
        assertEquals("{\"removed\":\"b:80/pre%2Ffix%40x\"}\n", reply.body());
        assertEquals(200, fixture.answer(ask("DELETE", "/api/backends/a:80")).status());
        assertEquals(List.of(), fixture.pool.backends());
        Reply ready = fixture.answer(ask("GET", "/readyz"));
        assertEquals(503, ready.status());
        assertEquals("not ready: none of 0 backends is available (expected: one at least)", error(ready));
    }

    @Test
    void explainsAChoice() {
        JsonObject told = fixture.get("/api/explain?client=2001:db8::1&path=/x%3Fy=1&method=POST&host=waffle.test:80");
        assertEquals(
                "{\"client\":\"2001:db8::1\",\"method\":\"POST\",\"path\":\"/x?y=1\",\"host\":\"waffle.test:80\","
                        + "\"listener\":\"default\"}",
                told.getJsonObject("request").toString());
        assertEquals("b:80/pre%2Ffix%40x", told.getString("choice"));
        assertEquals("policy", told.getString("reason"));
        fixture.patch(ask("PATCH", B), "{\"state\":\"draining\"}");
        JsonObject other = fixture.get("/api/explain");
        assertEquals("a:80", other.getString("choice"));
        assertEquals(
                "{\"id\":\"b:80/pre%2Ffix%40x\",\"candidate\":false,\"obstacles\":[\"draining\"],\"because\":\"it is draining\"}",
                other.getJsonArray("backends").get(1).toString());
        fixture.patch(ask("PATCH", "/api/backends/a:80"), "{\"weight\":0}");
        JsonObject none = fixture.get("/api/explain");
        assertTrue(none.isNull("choice"));
        assertEquals("none", none.getString("reason"));
    }

    @Test
    void isReadyWhileItCanServe() {
        assertEquals(
                "{\"status\":\"alive\"}\n",
                fixture.answer(ask("GET", "/healthz")).body());
        assertEquals(
                "{\"status\":\"ready\"}\n",
                fixture.answer(ask("GET", "/readyz")).body());
        fixture.pool.backends().forEach(fixture.pool::markDown);
        assertEquals(503, fixture.answer(ask("GET", "/readyz")).status());
        fixture.pool.backends().forEach(fixture.pool::markUp);
        fixture.stopping = true;
        assertEquals("not ready: Waffle is stopping", error(fixture.answer(ask("GET", "/readyz"))));
        assertEquals(200, fixture.answer(ask("GET", "/healthz")).status());
    }
}
