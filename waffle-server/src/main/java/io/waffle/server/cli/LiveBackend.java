// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A backend of a Waffle that runs, or an address of one, as its admin API tells of it.
 *
 * @param whole what is told of the backend
 * @param part the same, or what is told of the address
 */
record LiveBackend(JsonObject whole, JsonObject part) {

    /** All that are told of. */
    static List<LiveBackend> all(JsonObject answer) {
        List<LiveBackend> all = new ArrayList<>();
        for (JsonObject each : answer.getJsonArray("backends").getValuesAs(JsonObject.class)) {
            all.addAll(of(each));
        }
        return all;
    }

    /** One for each address, or for a name that has none. */
    static List<LiveBackend> of(JsonObject backend) {
        if (!backend.containsKey("addresses")) {
            return List.of(new LiveBackend(backend, backend));
        }
        List<JsonObject> addresses = backend.getJsonArray("addresses").getValuesAs(JsonObject.class);
        return addresses.isEmpty()
                ? List.of(new LiveBackend(backend, backend))
                : addresses.stream()
                        .map(address -> new LiveBackend(backend, address))
                        .toList();
    }

    String id() {
        return part.getString("id");
    }

    /** What it is called in the configuration, which may be a name of several. */
    String configuredId() {
        return whole.getString("id");
    }

    String pool() {
        return whole.getString("pool");
    }

    boolean isDraining() {
        return part.getString("state", "active").equals("draining");
    }

    int inFlight() {
        return hasStatus() ? status().getInt("in_flight") : 0;
    }

    /** Whether it should serve, and does not. */
    boolean isInTrouble() {
        String health = health();
        return !isDraining() && (health.equals("down") || health.equals("ejected") || health.equals("unresolved"));
    }

    /** Whether it is in this state, as {@code -state} names it. */
    boolean is(String state) {
        return switch (state) {
            case "trouble" -> isInTrouble();
            case "draining" -> isDraining();
            default -> !isDraining() && health().equals(state.replace('-', '_'));
        };
    }

    private boolean hasStatus() {
        return part.containsKey("status");
    }

    private JsonObject status() {
        return part.getJsonObject("status");
    }

    private String health() {
        return hasStatus() ? status().getString("health") : "unresolved";
    }

    /** In a few words. */
    String state(Instant now) {
        if (isDraining()) {
            return health().equals("up") ? "draining" : "draining, " + words(now);
        }
        return words(now);
    }

    private String words(Instant now) {
        if (health().equals("unresolved")) {
            return "no address";
        }
        if (health().equals("ejected") && !status().isNull("ejected_until")) {
            Duration left = Duration.between(now, Instant.parse(status().getString("ejected_until")));
            return "ejected, " + Math.max(0, left.toSeconds() + 1) + " s left";
        }
        return health().replace('_', ' ');
    }

    /** What a table says of it. */
    List<String> row(Instant now) {
        return List.of(id(), pool(), state(now), weight(), Integer.toString(inFlight()));
    }

    /** The same, and more. */
    List<String> wideRow(Instant now) {
        List<String> row = new ArrayList<>(row(now));
        row.add(hasStatus() ? Integer.toString(status().getInt("ejections")) : "");
        row.add(whole.getString("url") + (whole.getBoolean("backup", false) ? " (backup)" : ""));
        row.add(whole.getJsonObject("labels").entrySet().stream()
                .map(LiveBackend::label)
                .collect(Collectors.joining(" ")));
        return row;
    }

    private static String label(Map.Entry<String, ?> label) {
        return label.getKey() + "=" + String.valueOf(label.getValue()).replace("\"", "");
    }

    /** What is configured, and what it comes to now, if that is something else. */
    private String weight() {
        int configured = part.getInt("weight", 1);
        if (!hasStatus()) {
            return Integer.toString(configured);
        }
        double effective = status().getJsonNumber("effective_weight").doubleValue();
        return effective == configured || isInTrouble() || isDraining()
                ? Integer.toString(configured)
                : configured + " (now " + effective + ")";
    }
}
