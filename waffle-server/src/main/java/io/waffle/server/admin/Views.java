// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.pool.BackendStatus;
import io.waffle.server.pool.Pool;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What is there: the pools, and their backends as they are configured, each with how it is now, or how it is at each of its addresses. */
final class Views {

    static final String UNKNOWN = "the id of a backend, as GET /api/backends lists them";

    private final AdminPools pools;
    private final InstantSource clock;

    Views(AdminPools pools, InstantSource clock) {
        this.pools = pools;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/api/pools", (call, none) -> Reply.ok(pools())),
                Route.ofPools("GET", "/api/backends", (call, none) -> Reply.ok(backends(pools.of(call)))),
                Route.ofPools("GET", "/api/backends/{id}", (call, id) -> Reply.ok(backend(pools.with(call, id), id))));
    }

    /** One backend, or one address of one; refuses if there is none of that id. */
    JsonObject backend(AdminPool in, String id) {
        return Stream.concat(in.members().configured().stream(), in.members().members().stream())
                .filter(config -> config.id().equals(id))
                .findFirst()
                .map(config -> backend(in, config, Statuses.of(in.pool())))
                .orElseThrow(() -> Refusal.of(Refusal.NOT_FOUND, "backend", id, UNKNOWN));
    }

    private JsonObject pools() {
        JsonArrayBuilder all = JSON.createArrayBuilder();
        pools.all().forEach(each -> all.add(pool(each)));
        return JSON.createObjectBuilder().add("pools", all).build();
    }

    private static JsonObject pool(AdminPool one) {
        Pool pool = one.pool();
        List<BackendStatus> backends = pool.statuses();
        JsonObject counts = JSON.createObjectBuilder()
                .add("backends", backends.size())
                .add(
                        "available",
                        backends.stream().filter(BackendStatus::available).count())
                .add(
                        "in_flight",
                        backends.stream().mapToLong(BackendStatus::inFlight).sum())
                .build();
        return JSON.createObjectBuilder()
                .add("name", pool.name())
                .add("strategy", one.strategy())
                .add("quarantined", pool.isQuarantined())
                .add("faults", pool.faults())
                .add("counts", counts)
                .build();
    }

    private JsonObject backends(List<AdminPool> of) {
        JsonArrayBuilder all = JSON.createArrayBuilder();
        for (AdminPool each : of) {
            Statuses statuses = Statuses.of(each.pool());
            each.members().configured().forEach(config -> all.add(backend(each, config, statuses)));
        }
        return JSON.createObjectBuilder().add("backends", all).build();
    }

    private JsonObject backend(AdminPool in, BackendConfig config, Statuses all) {
        JsonObjectBuilder labels = JSON.createObjectBuilder();
        config.labels().forEach(labels::add);
        JsonObjectBuilder view = JSON.createObjectBuilder()
                .add("id", config.id())
                .add("pool", in.name())
                .add("url", config.uri().toString())
                .add("weight", config.weight())
                .add("state", state(config))
                .add("in_flight", config.inFlight())
                .add("labels", labels);
        if (config.backup()) {
            view.add("backup", true);
        }
        config.healthPort().ifPresent(port -> view.add("health_port", port));
        config.healthPath().ifPresent(path -> view.add("health_path", path));
        BackendStatus own = all.byId().get(config.id());
        if (own != null) {
            return view.add("status", status(own)).build();
        }
        JsonArrayBuilder addresses = JSON.createArrayBuilder();
        all.byUrl()
                .getOrDefault(config.uri(), List.of())
                .forEach(status -> addresses.add(JSON.createObjectBuilder()
                        .add("id", status.config().id())
                        .add("weight", status.config().weight())
                        .add("state", state(status.config()))
                        .add("status", status(status))));
        return view.add("addresses", addresses).build();
    }

    static String state(BackendConfig config) {
        return config.draining() ? "draining" : "active";
    }

    private JsonObject status(BackendStatus status) {
        JsonValue until = status.ejectedFor()
                .map(left -> clock.instant().plus(left).truncatedTo(ChronoUnit.MILLIS))
                .<JsonValue>map(time -> JSON.createValue(time.toString()))
                .orElse(JsonValue.NULL);
        return JSON.createObjectBuilder()
                .add("health", health(status).name().toLowerCase(Locale.ROOT))
                .add("available", status.available())
                .add("effective_weight", Math.round(status.weight() * 1000) / 1000.0)
                .add("in_flight", status.inFlight())
                .add("ejections", status.ejections())
                .add("ejected_until", until)
                .build();
    }

    /** How all backends are at one moment, to be looked up: there may be a hundred thousand, and as many to be told of. */
    private record Statuses(Map<String, BackendStatus> byId, Map<URI, List<BackendStatus>> byUrl) {

        static Statuses of(Pool pool) {
            Map<String, BackendStatus> byId = new HashMap<>();
            Map<URI, List<BackendStatus>> byUrl = new HashMap<>();
            for (BackendStatus status : pool.statuses()) {
                byId.putIfAbsent(status.config().id(), status);
                byUrl.computeIfAbsent(status.config().uri(), url -> new ArrayList<>())
                        .add(status);
            }
            return new Statuses(byId, byUrl);
        }
    }

    /** The worst that can be said. */
    private enum Health {
        DOWN,
        EJECTED,
        SLOW_START,
        UP
    }

    private static Health health(BackendStatus status) {
        if (!status.up()) {
            return Health.DOWN;
        }
        if (status.ejectedFor().isPresent()) {
            return Health.EJECTED;
        }
        return status.growing() ? Health.SLOW_START : Health.UP;
    }
}
