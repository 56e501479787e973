// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the backends: URLs from every door, and from the file mappings too. */
final class BackendList {

    private static final String WEIGHT = ";weight=";
    private static final String BACKUP = ";backup";

    private final Values values;
    private final Collection<Problem> problems;

    /** Those of a backend that says nothing of its own. */
    private final int weight;

    private final int inFlight;

    BackendList(Values values, Collection<Problem> problems) {
        this.values = values;
        this.problems = problems;
        this.weight = values.get(BackendSettings.WEIGHT);
        this.inFlight = values.get(LimitSettings.BACKEND_IN_FLIGHT);
    }

    /** Those of the strongest door, without the wrong ones. */
    List<BackendConfig> read(Doors doors) {
        List<List<BackendConfig>> all = new ArrayList<>();
        for (List<Given> door : doors.typed(BackendSettings.BACKENDS)) {
            values.cameFrom(BackendSettings.BACKENDS, door.getFirst().origin());
            all.add(distinct(door.stream().map(this::plain).toList()));
        }
        doors.node(BackendSettings.BACKENDS)
                .filter(node -> !node.items().isEmpty())
                .ifPresent(node -> {
                    values.cameFrom(BackendSettings.BACKENDS, node.origin());
                    all.add(distinct(node.items().stream()
                            .flatMap(item -> item(item, node.isList()))
                            .toList()));
                });
        if (all.isEmpty() && !doors.fileMissing() && !doors.lacksValue(BackendSettings.BACKENDS)) {
            problems.add(none(doors));
        }
        return all.isEmpty() ? List.of() : all.getFirst();
    }

    /** Whoever has a file is told how it is said there, and which file was read. */
    private Problem none(Doors doors) {
        Optional<FileNode> pool = doors.section().flatMap(Doors.Section::node);
        if (pool.isPresent()) {
            return Problem.of(
                    pool.get().origin(),
                    "no backends",
                    "a pool with the key backends, such as backends: [http://app1:3000]");
        }
        String flag = "-backends http://app1:3000,http://app2:3000";
        return doors.file()
                .map(root -> Problem.of(
                        doors.node(BackendSettings.BACKENDS)
                                .map(FileNode::origin)
                                .orElse(Origin.file(root.file().name(), 1, BackendSettings.BACKENDS.path())),
                        "none",
                        "at least one backend, such as backends: [http://app1:3000, http://app2:3000], or " + flag))
                .orElse(Problem.of(
                        values.origin(BackendSettings.BACKENDS), "none", "at least one backend, such as " + flag));
    }

    /** @param ofList a comma in an item of a list is a part of it */
    private Stream<Placed> item(FileNode node, boolean ofList) {
        if (node.isScalar() && ofList) {
            return Stream.of(plain(node.given()));
        }
        if (node.isScalar()) {
            return Doors.split(BackendSettings.BACKENDS, node.given()).map(this::plain);
        }
        return Stream.of(mapping(node));
    }

    /** A URL, and the weight and the word that may follow it. */
    private Placed plain(Given given) {
        boolean backup = given.text().endsWith(BACKUP);
        Given rest = backup ? part(given, 0, given.text().length() - BACKUP.length()) : given;
        Placed placed = weighted(rest);
        return new Placed(placed.config().map(config -> config.withBackup(backup)), placed.origin());
    }

    private Placed weighted(Given given) {
        int end = given.text().lastIndexOf(WEIGHT);
        Given url = end < 0 ? given : part(given, 0, end);
        int own = end < 0
                ? weight
                : weight(part(given, end + WEIGHT.length(), given.text().length()), url);
        Optional<BackendConfig> config = values.read(BackendSettings.BACKENDS.form(), url)
                .map(at -> new BackendConfig(at, own, inFlight, Map.of(), Optional.empty(), Optional.empty()));
        return new Placed(config, given.origin());
    }

    private static Given part(Given given, int from, int to) {
        return new Given(given.text().substring(from, to), given.origin(), given.folder());
    }

    private int weight(Given given, Given url) {
        try {
            return BackendSettings.WEIGHT.form().read(given);
        } catch (InvalidValue e) {
            String what = "weight " + (given.text().isEmpty() ? "nothing" : given.text()) + " of " + url.text();
            problems.add(Problem.of(given.origin(), what, e.expected()));
            return weight;
        }
    }

    private Placed mapping(FileNode node) {
        Optional<BackendUrl> url = part(node, BackendSettings.URL);
        if (node.find(BackendSettings.URL.key()).isEmpty()) {
            problems.add(Problem.of(node.origin(), "no url", "a backend with the key url"));
        }
        int own = part(node, BackendSettings.WEIGHT).orElse(weight);
        Map<String, String> labels = new HashMap<>();
        node.find(BackendSettings.LABELS.key())
                .ifPresent(found -> found.words().forEach((key, given) -> labels.put(key, given.text())));
        int most = part(node, BackendSettings.IN_FLIGHT).orElse(inFlight);
        Optional<Integer> healthPort = part(node, BackendSettings.HEALTH_PORT);
        Optional<String> healthPath = part(node, BackendSettings.HEALTH_PATH);
        boolean backup = part(node, BackendSettings.BACKUP).orElse(false);
        return new Placed(
                url.map(at -> new BackendConfig(at, own, most, labels, healthPort, healthPath).withBackup(backup)),
                node.origin());
    }

    private <T> Optional<T> part(FileNode node, Setting<T> setting) {
        return node.find(setting.key()).flatMap(found -> values.read(setting.form(), found.given()));
    }

    private List<BackendConfig> distinct(List<Placed> backends) {
        Map<String, Origin> seen = new HashMap<>();
        List<BackendConfig> distinct = new ArrayList<>();
        for (Placed placed : backends) {
            if (placed.config().isEmpty()) {
                continue;
            }
            BackendConfig config = placed.config().get();
            Origin first = seen.putIfAbsent(config.id(), placed.origin());
            if (first == null) {
                distinct.add(config);
            } else {
                problems.add(Problem.of(
                        placed.origin(),
                        config.uri().toString(),
                        "each backend once; "
                                + (first.equals(placed.origin())
                                        ? "this is there twice"
                                        : "it is at " + first + " too")));
            }
        }
        return distinct;
    }

    private record Placed(Optional<BackendConfig> config, Origin origin) {}
}
