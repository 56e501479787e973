// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.server.pool.Explanation;
import io.waffle.server.pool.Explanation.Obstacle;
import io.waffle.server.pool.PickContext;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Says which route a request would take and what would be picked for it there, and why. Moves no counter. */
final class Explain {

    private final AdminPools pools;
    private final Supplier<AdminRoutes> routes;

    Explain(AdminPools pools, Supplier<AdminRoutes> routes) {
        this.pools = pools;
        this.routes = routes;
    }

    List<Route> routes() {
        return List.of(new Route("GET", "/api/explain", Question.PARAMETERS, (call, none) -> Reply.ok(explain(call))));
    }

    private JsonObject explain(Call call) {
        AdminRoutes there = routes.get();
        Question question = Question.of(call, there.listeners());
        Optional<AdminPool> named = question.pool().map(pools::named);
        JsonObjectBuilder view = JSON.createObjectBuilder().add("request", question.view());
        RouteExplain route = new RouteExplain(there, question);
        route.addTo(view);
        PickContext request = question.forPool();
        if (named.isPresent()) {
            addPick(view, named.get(), named.get().strategy(), request);
        } else {
            route.towards(request).ifPresent(to -> addPick(view, pools.named(to.pool()), to.strategy(), request));
        }
        return view.build();
    }

    private static void addPick(JsonObjectBuilder view, AdminPool in, String strategy, PickContext request) {
        Explanation explanation = in.pool().explain(request);
        view.add("pool", in.name())
                .add("strategy", strategy)
                .add("choice", choice(explanation))
                .add("reason", explanation.why().name().toLowerCase(Locale.ROOT))
                .add("because", because(strategy, explanation.why()))
                .add("backends", backends(explanation));
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

    private static String because(String strategy, Explanation.Why why) {
        return switch (why) {
            case STICKY -> "a cookie keeps the client with it";
            case POLICY -> "the strategy " + strategy + " would choose it";
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
}
