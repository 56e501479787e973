// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.Redirect;
import io.waffle.server.config.RouteAction.Respond;
import io.waffle.server.config.RouteAction.RewriteConfig;
import io.waffle.server.config.RouteAction.SplitBy;
import io.waffle.server.config.RouteAction.SplitKind;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.route.RouteTable.Line;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes: which there are, in the order in which they win, and what they do. */
final class RouteViews {

    static final String UNKNOWN = "the name of a route, as GET /api/routes lists them";
    static final String PATH = "/api/routes/{name}";

    /** Bytes of a digest that tell one state of a route from another. */
    private static final int TAG = 12;

    private final Supplier<AdminRoutes> now;

    RouteViews(Supplier<AdminRoutes> now) {
        this.now = now;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/api/routes", (call, none) -> Reply.ok(all())), Route.of("GET", PATH, this::one));
    }

    private JsonObject all() {
        AdminRoutes there = now.get();
        JsonArrayBuilder all = JSON.createArrayBuilder();
        places(there)
                .forEach((index, lines) -> all.add(view(there, there.routes().get(index), lines)));
        return JSON.createObjectBuilder().add("routes", all).build();
    }

    private Reply one(Call call, String name) {
        return reply(now.get(), name);
    }

    /** The route as it is, with its tag. */
    static Reply reply(AdminRoutes there, String name) {
        for (Map.Entry<Integer, List<String>> each : places(there).entrySet()) {
            RouteConfig route = there.routes().get(each.getKey());
            if (route.name().equals(name)) {
                return Reply.ok(view(there, route, each.getValue()), tag(route));
            }
        }
        throw unknown(name);
    }

    static Refusal unknown(String name) {
        return Refusal.of(Refusal.NOT_FOUND, "route", name, UNKNOWN);
    }

    /** By the indexes of the routes, in the order in which these win, their conditions. */
    private static Map<Integer, List<String>> places(AdminRoutes there) {
        Map<Integer, List<String>> places = new LinkedHashMap<>();
        for (Line line : there.table().inOrder()) {
            places.computeIfAbsent(line.rule(), none -> new ArrayList<>()).add(line.conditions());
        }
        return places;
    }

    private static JsonObject view(AdminRoutes there, RouteConfig route, List<String> conditions) {
        JsonArrayBuilder lines = JSON.createArrayBuilder();
        conditions.forEach(lines::add);
        JsonObjectBuilder view =
                JSON.createObjectBuilder().add("name", route.name()).add("conditions", lines);
        addAction(view, route);
        Map<String, AdminRoutes.Copies> copies = there.copies().apply(route.name());
        if (!copies.isEmpty()) {
            view.add("mirror", copies(copies));
        }
        return view.add("maintenance", route.maintenance().enabled())
                .add("changed", there.isChanged(route))
                .build();
    }

    private static JsonObjectBuilder copies(Map<String, AdminRoutes.Copies> all) {
        JsonObjectBuilder view = JSON.createObjectBuilder();
        all.forEach((pool, counts) -> view.add(
                pool,
                JSON.createObjectBuilder()
                        .add("in_flight", counts.inFlight())
                        .add("sent", counts.sent())
                        .add("failed", counts.failed())
                        .add("too_long", counts.tooLong())
                        .add("no_room", counts.noRoom())
                        .add("no_backend", counts.noBackend())
                        .add("broken_off", counts.brokenOff())));
        return view;
    }

    /** What a route does. */
    static void addAction(JsonObjectBuilder view, RouteConfig route) {
        switch (route.action()) {
            case Forward forward -> {
                view.add("to", shares(forward));
                route.loadBalancing().ifPresent(other -> view.add("strategy", other.name()));
                if (forward.splitBy().kind() != SplitKind.TURN) {
                    view.add("split_by", splitBy(forward.splitBy()));
                }
                if (!forward.rewrite().equals(RewriteConfig.NONE)) {
                    JsonObjectBuilder rewrite = JSON.createObjectBuilder();
                    add(rewrite, "prefix", forward.rewrite().prefix());
                    add(rewrite, "path", forward.rewrite().path());
                    add(rewrite, "host", forward.rewrite().host());
                    view.add("rewrite", rewrite);
                }
            }
            case Respond respond ->
                view.add(
                        "respond",
                        JSON.createObjectBuilder()
                                .add("status", respond.status())
                                .add("content_type", respond.contentType()));
            case Redirect redirect -> {
                JsonObjectBuilder to = JSON.createObjectBuilder().add("status", redirect.status());
                add(to, "scheme", redirect.scheme());
                add(to, "host", redirect.host());
                redirect.port().ifPresent(port -> to.add("port", port));
                add(to, "prefix", redirect.prefix());
                add(to, "path", redirect.path());
                view.add("redirect", to);
            }
        }
    }

    private static void add(JsonObjectBuilder to, String name, Optional<String> value) {
        value.ifPresent(text -> to.add(name, text));
    }

    private static JsonObjectBuilder shares(Forward forward) {
        JsonObjectBuilder shares = JSON.createObjectBuilder();
        forward.to().forEach(share -> shares.add(share.pool(), share.weight()));
        return shares;
    }

    private static String splitBy(SplitBy by) {
        String kind = by.kind().name().toLowerCase(Locale.ROOT);
        return by.name().isEmpty() ? kind : kind + ":" + by.name();
    }

    /** The same for the same state of a route, and another for another. */
    static String tag(RouteConfig route) {
        JsonObjectBuilder state = JSON.createObjectBuilder();
        addAction(state, route);
        String text = route.name() + route.matches() + route.maintenance().enabled() + state.build();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return '"' + HexFormat.of().formatHex(digest, 0, TAG) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has it", e);
        }
    }
}
