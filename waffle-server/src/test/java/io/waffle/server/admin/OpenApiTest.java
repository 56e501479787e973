// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonPointer;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The description and the operations say the same. */
final class OpenApiTest {

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "options", "trace");

    private final AdminFixture fixture = new AdminFixture();
    private JsonObject description;

    @BeforeEach
    void read() throws Exception {
        description = fixture.get("/api/openapi.json");
    }

    @Test
    void everyOperationIsDescribedAndEveryDescriptionIsThere() {
        Map<String, List<String>> described = new TreeMap<>();
        paths().forEach((path, item) -> item.asJsonObject().forEach((method, operation) -> {
            if (METHODS.contains(method)) {
                described.put(method.toUpperCase(Locale.ROOT) + " " + path, parameters(operation.asJsonObject()));
            }
        }));
        Map<String, List<String>> served = new TreeMap<>();
        fixture.api.routes().forEach(route -> served.put(route.method() + " " + route.path(), route.parameters()));
        assertEquals(described, served);
    }

    @Test
    void whatChangesSomethingNeedsTheTokenAndNothingElseDoes() {
        for (Route route : fixture.api.routes()) {
            JsonObject operation = paths().getJsonObject(route.path()).getJsonObject(method(route));
            assertEquals(route.changes(), operation.containsKey("security"), route.method() + " " + route.path());
            assertEquals(
                    route.changes(),
                    operation.getJsonObject("responses").containsKey("401"),
                    route.method() + " " + route.path());
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        Set<String> dangling = new TreeSet<>();
        for (String reference : references(description)) {
            JsonPointer pointer = Json.createPointer(reference.substring(1));
            if (!pointer.containsValue(description)) {
                dangling.add(reference);
            }
        }
        assertEquals(Set.of(), dangling);
    }

    /** What is answered has the fields that are described, and no others. */
    @Test
    void answersHaveTheFieldsDescribed() {
        fixture.eject();
        check("/api/pools", "pools", "Pool");
        check("/api/backends", "backends", "Backend");
        assertFields("Memory", fixture.get("/api/memory"));
        assertFields("Explanation", fixture.get("/api/explain"));
        assertFields(
                "Status",
                fixture.get("/api/backends")
                        .getJsonArray("backends")
                        .getJsonObject(0)
                        .getJsonObject("status"));
        assertFields("Probe", fixture.get("/healthz"));
        assertFields("Error", AdminFixture.json(fixture.answer(AdminFixture.ask("GET", "/nowhere"))));
    }

    private void check(String target, String list, String schema) {
        for (JsonValue each : fixture.get(target).getJsonArray(list)) {
            assertFields(schema, each.asJsonObject());
        }
    }

    private void assertFields(String schema, JsonObject answer) {
        JsonObject described =
                description.getJsonObject("components").getJsonObject("schemas").getJsonObject(schema);
        Set<String> required = new TreeSet<>();
        described.getJsonArray("required").forEach(name -> required.add(((JsonString) name).getString()));
        assertEquals(Set.of(), without(required, answer.keySet()), schema);
        assertEquals(
                Set.of(),
                without(answer.keySet(), described.getJsonObject("properties").keySet()),
                schema);
    }

    private static Set<String> without(Set<String> names, Set<String> others) {
        Set<String> left = new TreeSet<>(names);
        left.removeAll(others);
        return left;
    }

    private JsonObject paths() {
        return description.getJsonObject("paths");
    }

    private static String method(Route route) {
        return route.method().toLowerCase(Locale.ROOT);
    }

    private static List<String> parameters(JsonObject operation) {
        List<String> names = new ArrayList<>();
        JsonArray parameters = operation.getJsonArray("parameters");
        if (parameters != null) {
            parameters.forEach(parameter -> names.add(parameter.asJsonObject().getString("name")));
        }
        return names;
    }

    private static List<String> references(JsonStructure part) {
        List<String> found = new ArrayList<>();
        if (part instanceof JsonArray array) {
            array.forEach(value -> addAll(found, value));
        } else {
            part.asJsonObject().forEach((name, value) -> {
                if (name.equals("$ref")) {
                    found.add(((JsonString) value).getString());
                }
                addAll(found, value);
            });
        }
        return found;
    }

    private static void addAll(List<String> found, JsonValue value) {
        if (value instanceof JsonStructure structure) {
            found.addAll(references(structure));
        }
    }
}
