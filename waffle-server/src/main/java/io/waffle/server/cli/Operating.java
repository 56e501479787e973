// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.waffle.server.config.Nearest;
import io.waffle.server.config.OutputFormat;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Does what an {@link Operation} says, at the Waffle that an {@link AdminClient} asks, and prints what came of it. */
final class Operating {

    /** All is well, or was done. */
    static final int WELL = 0;

    /** Something is in trouble, or was not done. */
    static final int DEGRADED = 1;

    /** How often it is looked whether a backend that drains has got rid of its requests. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final JsonProvider JSON = JsonProvider.provider();

    private final AdminClient admin;
    private final OperatingOptions options;
    private final PrintStream out;
    private final InstantSource clock;

    Operating(AdminClient admin, OperatingOptions options, PrintStream out, InstantSource clock) {
        this.admin = admin;
        this.options = options;
        this.out = out;
        this.clock = clock;
    }

    /** Returns the exit code. */
    int run(Operation operation) throws AdminClient.Failed {
        return switch (operation) {
            case STATUS -> status();
            case BACKENDS -> backends();
            case ROUTES -> routes();
            case DRAIN -> drain();
            case UNDRAIN -> change(JSON.createObjectBuilder().add("state", "active"));
            case WEIGHT ->
                change(JSON.createObjectBuilder()
                        .add("weight", Integer.parseInt(options.operands().getLast())));
        };
    }

    private int status() throws AdminClient.Failed {
        JsonObject ready = admin.probe("/readyz");
        JsonObject pools = admin.get("/api/pools");
        JsonObject backends = admin.get("/api/backends");
        List<LiveBackend> trouble = LiveBackend.all(backends).stream()
                .filter(LiveBackend::isInTrouble)
                .toList();
        boolean well = ready.containsKey("status") && trouble.isEmpty() && !isQuarantined(pools);
        if (options.output() == OutputFormat.JSON) {
            JsonObjectBuilder all = JSON.createObjectBuilder(ready).add("pools", pools.get("pools"));
            print(all.add("backends", backends.get("backends")).build());
        } else {
            out.println(ready.getString("status", ready.getString("error", "")));
            poolTable(pools).lines().forEach(out::println);
            if (!trouble.isEmpty()) {
                out.println();
                print(trouble);
            }
        }
        return well ? WELL : DEGRADED;
    }

    private static boolean isQuarantined(JsonObject pools) {
        return pools.getJsonArray("pools").getValuesAs(JsonObject.class).stream()
                .anyMatch(pool -> pool.getBoolean("quarantined"));
    }

    private static TextTable poolTable(JsonObject pools) {
        TextTable table = new TextTable("POOL", "STRATEGY", "BACKENDS", "AVAILABLE", "IN FLIGHT");
        for (JsonObject pool : pools.getJsonArray("pools").getValuesAs(JsonObject.class)) {
            JsonObject counts = pool.getJsonObject("counts");
            String quarantined = pool.getBoolean("quarantined") ? " (left out for its faults)" : "";
            table.add(List.of(
                    pool.getString("name"),
                    pool.getString("strategy") + quarantined,
                    Integer.toString(counts.getInt("backends")),
                    Integer.toString(counts.getInt("available")),
                    Integer.toString(counts.getInt("in_flight"))));
        }
        return table;
    }

    private int backends() throws AdminClient.Failed {
        JsonObject answer = admin.get("/api/backends" + pool());
        List<LiveBackend> wanted = LiveBackend.all(answer).stream()
                .filter(each ->
                        options.state().isEmpty() || each.is(options.state().get()))
                .filter(each -> options.operands().isEmpty()
                        || options.operands().stream().anyMatch(each.id()::contains))
                .toList();
        if (options.output() == OutputFormat.JSON) {
            List<JsonObject> whole =
                    wanted.stream().map(LiveBackend::whole).distinct().toList();
            print(JSON.createObjectBuilder()
                    .add("backends", JSON.createArrayBuilder(whole))
                    .build());
        } else {
            print(wanted);
        }
        return WELL;
    }

    private void print(List<LiveBackend> backends) {
        Instant now = clock.instant();
        TextTable table = isWide()
                ? new TextTable("BACKEND", "POOL", "STATE", "WEIGHT", "IN FLIGHT", "EJECTIONS", "URL", "LABELS")
                : new TextTable("BACKEND", "POOL", "STATE", "WEIGHT", "IN FLIGHT");
        backends.forEach(each -> table.add(isWide() ? each.wideRow(now) : each.row(now)));
        table.lines().forEach(out::println);
    }

    private int routes() throws AdminClient.Failed {
        String name =
                options.operands().stream().findFirst().map(Operating::encoded).orElse("");
        JsonObject answer = admin.get(name.isEmpty() ? "/api/routes" : "/api/routes/" + name);
        if (options.output() == OutputFormat.JSON) {
            print(answer);
            return WELL;
        }
        TextTable table = new TextTable("ROUTE", "CONDITIONS", "DOES", "");
        JsonArray routes = name.isEmpty()
                ? answer.getJsonArray("routes")
                : JSON.createArrayBuilder().add(answer).build();
        for (JsonObject route : routes.getValuesAs(JsonObject.class)) {
            table.add(List.of(route.getString("name"), conditions(route), deed(route), marks(route)));
        }
        table.lines().forEach(out::println);
        return WELL;
    }

    private static String conditions(JsonObject route) {
        return route.getJsonArray("conditions").getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .collect(Collectors.joining(" | "));
    }

    private static String deed(JsonObject route) {
        for (String what : List.of("to", "respond", "redirect")) {
            if (route.containsKey(what)) {
                return what + " "
                        + route.getJsonObject(what).entrySet().stream()
                                .map(each -> each.getKey() + ": " + text(each.getValue()))
                                .collect(Collectors.joining(", "));
            }
        }
        return "";
    }

    private static String text(JsonValue value) {
        return value.toString().replace("\"", "");
    }

    private static String marks(JsonObject route) {
        List<String> marks = new ArrayList<>();
        if (route.getBoolean("maintenance", false)) {
            marks.add("closed for maintenance");
        }
        if (route.getBoolean("changed", false)) {
            marks.add("changed by the admin API");
        }
        return String.join(", ", marks);
    }

    private int drain() throws AdminClient.Failed {
        LiveBackend backend = find();
        JsonObject answer = admin.patch(
                path(backend),
                JSON.createObjectBuilder().add("state", "draining").build());
        if (options.longest().isZero()) {
            show(answer);
            return WELL;
        }
        Instant end = clock.instant().plus(options.longest());
        while (inFlight(answer) > 0) {
            if (!clock.instant().isBefore(end)) {
                show(answer);
                return DEGRADED;
            }
            pause();
            answer = admin.get(path(backend));
        }
        show(answer);
        return WELL;
    }

    private boolean isWide() {
        return options.output() == OutputFormat.WIDE;
    }

    private static int inFlight(JsonObject backend) {
        return LiveBackend.of(backend).stream().mapToInt(LiveBackend::inFlight).sum();
    }

    private static void pause() throws AdminClient.Failed {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminClient.Failed("interrupted", true);
        }
    }

    private int change(JsonObjectBuilder what) throws AdminClient.Failed {
        show(admin.patch(path(find()), what.build()));
        return WELL;
    }

    private void show(JsonObject backend) {
        if (options.output() == OutputFormat.JSON) {
            print(backend);
        } else {
            print(LiveBackend.of(backend));
        }
    }

    /** The one that is meant: by its id, or by the beginning of one and no other. */
    private LiveBackend find() throws AdminClient.Failed {
        String name = options.operands().getFirst();
        List<LiveBackend> all = LiveBackend.all(admin.get("/api/backends" + pool())).stream()
                .flatMap(each -> Stream.of(each, new LiveBackend(each.whole(), each.whole())))
                .distinct()
                .toList();
        List<LiveBackend> same =
                all.stream().filter(each -> each.id().equals(name)).toList();
        List<LiveBackend> meant = same.isEmpty()
                ? all.stream()
                        .filter(each -> each.configuredId().startsWith(name)
                                && each.part().equals(each.whole()))
                        .toList()
                : same;
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        List<String> ids = (meant.isEmpty() ? all : meant)
                .stream()
                        .map(each -> each.id() + " of " + each.pool())
                        .distinct()
                        .toList();
        throw new AdminClient.Failed(
                "backend: " + TextTable.harmless(name) + (meant.isEmpty() ? "" : " is several")
                        + " (expected: one of " + some(name, ids)
                        + (meant.isEmpty() ? "" : "; by more of its id, or with -in-pool NAME")
                        + ")",
                true);
    }

    /** Those most like it. */
    private static String some(String name, List<String> ids) {
        int most = 10;
        List<String> nearest = Nearest.first(name, ids);
        String first = nearest.stream().limit(most).map(TextTable::harmless).collect(Collectors.joining(", "));
        return nearest.size() > most ? first + ", ..." : first;
    }

    private String path(LiveBackend backend) {
        return "/api/backends/" + encoded(backend.id()) + "?pool=" + encoded(backend.pool());
    }

    private String pool() {
        return options.pool().map(name -> "?pool=" + encoded(name)).orElse("");
    }

    /** As it has to be in a target. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void print(JsonObject answer) {
        out.println(answer);
    }
}
