// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.AdminFixture.ask;
import static io.waffle.server.admin.AdminFixture.error;
import static io.waffle.server.admin.AdminFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.Configs;
import io.waffle.server.config.DnsConfig;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that is given by a name with two addresses, as a whole and each by itself. */
final class AddressesTest {

    private static final String NAME = "/api/backends/c:80/x";
    private static final String ONE = NAME + "@10.0.0.1";
    private static final String DRAIN = "{\"state\":\"draining\"}";

    private final AdminFixture fixture = new AdminFixture();

    @BeforeEach
    void open() throws Exception {
        fixture.names.put("c", "10.0.0.1", "10.0.0.2");
        fixture.membership.change(new DnsConfig(Duration.ofHours(24), Duration.ZERO), before -> before);
        configure();
        fixture.changes = 0;
    }

    @Test
    void eachHasItsOwnStatus() {
        JsonObject view = fixture.get(NAME);
        assertEquals(2, view.getInt("weight"));
        assertFalse(view.containsKey("status"));
        assertEquals("c:80/x@10.0.0.1 2 active, c:80/x@10.0.0.2 2 active", addresses(view));
        assertEquals(1, fixture.get("/api/backends").getJsonArray("backends").size());
    }

    @Test
    void oneIsDrainedAndTakenBackAlone() {
        JsonObject one = patch(ONE, DRAIN);
        assertEquals("c:80/x@10.0.0.1", one.getString("id"));
        assertEquals("draining", one.getString("state"));
        assertFalse(one.getJsonObject("status").getBoolean("available"));
        assertEquals(one, fixture.get(ONE));
        assertEquals("c:80/x@10.0.0.1 2 draining, c:80/x@10.0.0.2 2 active", addresses(fixture.get(NAME)));
        assertEquals("active", fixture.get(NAME).getString("state"), "as configured for the name");
        assertEquals(1, fixture.get("/api/backends").getJsonArray("backends").size());
        assertEquals("active", patch(ONE, "{\"state\":\"active\",\"weight\":7}").getString("state"));
        assertEquals("c:80/x@10.0.0.1 7 active, c:80/x@10.0.0.2 2 active", addresses(fixture.get(NAME)));
        assertEquals(7, fixture.backend("c:80/x@10.0.0.1").config().weight());
        assertEquals(2, fixture.changes);
    }

    @Test
    void aChangeOfTheNameIsOneOfAllAndOfNothingElse() {
        patch(ONE, DRAIN);
        assertEquals("c:80/x@10.0.0.1 9 draining, c:80/x@10.0.0.2 9 active", addresses(patch(NAME, "{\"weight\":9}")));
        assertEquals("c:80/x@10.0.0.1 9 draining, c:80/x@10.0.0.2 9 draining", addresses(patch(NAME, DRAIN)));
        assertEquals(
                "c:80/x@10.0.0.1 9 active, c:80/x@10.0.0.2 9 active", addresses(patch(NAME, "{\"state\":\"active\"}")));
    }

    @Test
    void whatReplacesTheNameTakesTheChangesOfItsAddressesAway() {
        patch(ONE, DRAIN);
        fixture.answer(ask("PUT", NAME).body("{\"url\":\"http://c/x\"}"));
        assertEquals("c:80/x@10.0.0.1 1 active, c:80/x@10.0.0.2 1 active", addresses(fixture.get(NAME)));
        patch(ONE, DRAIN);
        configure();
        assertEquals("c:80/x@10.0.0.1 2 active, c:80/x@10.0.0.2 2 active", addresses(fixture.get(NAME)), "a reload");
        patch(ONE, DRAIN);
        assertEquals(200, fixture.answer(ask("DELETE", NAME)).status());
        assertEquals(List.of(), fixture.pool.backends());
        assertEquals(List.of(), fixture.membership.configured());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE"})
    void anAddressIsNeitherPutNorDeleted(String method) {
        for (int i = 0; i < 2; i++) {
            String body = method.equals("PUT") ? "{\"url\":\"http://c/x\"}" : "";
            Reply reply = fixture.answer(ask(method, ONE).body(body));
            assertEquals(409, reply.status());
            assertEquals(
                    "backend: c:80/x@10.0.0.1 (expected: c:80/x, of which this is one address; a PATCH drains or weighs the"
                            + " address alone)",
                    error(reply));
            patch(ONE, DRAIN); // and once more, for one that has been changed
        }
        assertEquals("c:80/x@10.0.0.1 2 draining, c:80/x@10.0.0.2 2 active", addresses(fixture.get(NAME)));
    }

    @Test
    void anAddressTheNameDoesNotHaveIsUnknown() {
        Reply reply = fixture.answer(ask("PATCH", NAME + "@10.0.0.3").body(DRAIN));
        assertEquals(404, reply.status());
        assertEquals("backend: c:80/x@10.0.0.3 (expected: " + Views.UNKNOWN + ")", error(reply));
        assertEquals(0, fixture.changes);
    }

    /** As a start or a reload does. */
    private void configure() {
        fixture.membership.change(
                before -> List.of(Configs.backend(BackendUrl.of(URI.create("http://c:80/x")), 2, Map.of())));
    }

    private JsonObject patch(String target, String body) {
        Reply reply = fixture.answer(ask("PATCH", target).body(body));
        assertEquals(200, reply.status(), reply::body);
        return json(reply);
    }

    private static String addresses(JsonObject view) {
        List<String> all = view.getJsonArray("addresses").getValuesAs(JsonObject.class).stream()
                .map(each -> each.getString("id") + " " + each.getInt("weight") + " " + each.getString("state"))
                .toList();
        return String.join(", ", all);
    }
}
