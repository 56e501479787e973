// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.Host;
import io.waffle.server.config.InvalidValue;
import io.waffle.server.pool.Explanation;
import io.waffle.server.pool.Explanation.Obstacle;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says what would be picked for a request, and why. Moves no counter. */
final class Explain {

    private static final List<String> PARAMETERS = List.of("client", "path", "method", "host", "cookie", "pool");
    private static final Pattern TARGET = Pattern.compile("/[\\x21-\\x7E]*|\\*");
    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern HOST = Pattern.compile("[\\x21-\\x7E]{1,300}");
    private static final Pattern COOKIE = Pattern.compile("[^\\p{Cntrl}]{1,4096}");

    private final AdminPools pools;

    Explain(AdminPools pools) {
        this.pools = pools;
    }

    List<Route> routes() {
        return List.of(new Route("GET", "/api/explain", PARAMETERS, (call, none) -> Reply.ok(explain(call))));
    }

    private JsonObject explain(Call call) {
        Map<String, String> given = call.parameters(PARAMETERS);
        String client = given.getOrDefault("client", "127.0.0.1");
        String method = matching("method", given.getOrDefault("method", "GET"), METHOD, "a method");
        String target =
                matching("path", given.getOrDefault("path", "/"), TARGET, "a path that begins with a slash, or *");
        String host = matching("host", given.getOrDefault("host", "localhost"), HOST, "a host");
        Map<String, String> fields = new HashMap<>(Map.of("host", host));
        cookie(given).ifPresent(cookie -> fields.put("cookie", cookie));
        AdminPool in =
                pools.named(given.getOrDefault("pool", pools.all().getFirst().name()));
        Explanation explanation = in.pool().explain(new Imagined(method, target, fields, address(client)));
        JsonObject request = JSON.createObjectBuilder()
                .add("client", client)
                .add("method", method)
                .add("path", target)
                .add("host", host)
                .build();
        return JSON.createObjectBuilder()
                .add("request", request)
                .add("pool", in.name())
                .add("strategy", in.strategy())
                .add("choice", choice(explanation))
                .add("reason", explanation.why().name().toLowerCase(Locale.ROOT))
                .add("because", because(in, explanation.why()))
                .add("backends", backends(explanation))
                .build();
    }

    private static JsonValue choice(Explanation explanation) {
        return explanation
                .choice()
                .<JsonValue>map(backend -> JSON.createValue(backend.id()))
                .orElse(JsonValue.NULL);
    }

    private static JsonArrayBuilder backends(Explanation explanation) {
        JsonArrayBuilder all = JSON.createArrayBuilder();
        for (Explanation.Candidate candidate : explanation.candidates()) {
            JsonArrayBuilder obstacles = JSON.createArrayBuilder();
            candidate
                    .obstacles()
                    .forEach(obstacle -> obstacles.add(obstacle.name().toLowerCase(Locale.ROOT)));
            JsonObjectBuilder each = JSON.createObjectBuilder()
                    .add("id", candidate.backend().id())
                    .add("candidate", candidate.open())
                    .add("obstacles", obstacles)
                    .add("because", because(candidate));
            all.add(each);
        }
        return all;
    }

    private static String because(AdminPool in, Explanation.Why why) {
        return switch (why) {
            case STICKY -> "a cookie keeps the client with it";
            case POLICY -> "the strategy " + in.strategy() + " would choose it";
            case FALLBACK ->
                "the strategy is in quarantine, or would choose one that cannot be had; Waffle would choose in its place";
            case ALL_DOWN -> "health has something against every backend, so some of it would be overlooked";
            case UNTOLD -> "the strategy does not tell what it would choose";
            case FAULT -> "the strategy failed when it was asked; the log says how";
            case NONE -> "no backend is open to the request: it would wait for one that is full, or get a 503";
        };
    }

    private static String because(Explanation.Candidate candidate) {
        if (candidate.obstacles().isEmpty()) {
            return "nothing speaks against it";
        }
        List<String> found =
                candidate.obstacles().stream().map(Explain::because).toList();
        return String.join("; ", found)
                + (candidate.open() ? "; all the same it may be chosen, for lack of better ones" : "");
    }

    private static String because(Obstacle obstacle) {
        return switch (obstacle) {
            case DOWN -> "its health checks fail";
            case EJECTED -> "its requests failed, and it is left out for a while";
            case DRAINING -> "it is draining";
            case NO_WEIGHT -> "its weight is 0";
            case FULL -> "it has as much in flight as it may";
        };
    }

    private static ClientAddress address(String text) {
        try {
            return ClientAddress.of(Host.Address.parse(text).at());
        } catch (InvalidValue e) {
            throw Refusal.badValue("client", text, e.expected());
        }
    }

    /** It may let its bearer into what is behind Waffle, so nothing tells of it but its length. */
    private static Optional<String> cookie(Map<String, String> given) {
        Optional<String> cookie = Optional.ofNullable(given.get("cookie"));
        cookie.filter(text -> !COOKIE.matcher(text).matches()).ifPresent(wrong -> {
            throw Refusal.badValue(
                    "cookie", wrong.length() + " characters", "1 to 4096, none of them a control character");
        });
        return cookie;
    }

    private static String matching(String where, String text, Pattern pattern, String expected) {
        if (!pattern.matcher(text).matches()) {
            throw Refusal.badValue(where, text, expected);
        }
        return text;
    }
}
