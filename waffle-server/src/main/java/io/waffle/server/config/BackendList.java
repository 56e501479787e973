// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the backends: URLs from every source, and from the file mappings too. */
final class BackendList {

    private static final String WEIGHT = ";weight=";
    private static final String BACKUP = ";backup";

    private static final Part<BackendUrl> URL = Part.of(BackendSettings.URL);
    private static final Part<Integer> OWN_WEIGHT = Part.of(BackendSettings.WEIGHT);
    private static final Part<Integer> IN_FLIGHT = Part.of(BackendSettings.IN_FLIGHT);
    private static final Part<Integer> HEALTH_PORT = Part.of(BackendSettings.HEALTH_PORT);
    private static final Part<String> HEALTH_PATH = Part.of(BackendSettings.HEALTH_PATH);
    private static final Part<Boolean> IS_BACKUP = Part.of(BackendSettings.BACKUP);
    private static final String LABELS = BackendSettings.LABELS.key();

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

    /** Those of the strongest source, without the wrong ones. */
    List<BackendConfig> read(Sources sources) {
        List<List<BackendConfig>> all = new ArrayList<>();
        for (List<RawValue> source : sources.typed(BackendSettings.BACKENDS)) {
            values.cameFrom(BackendSettings.BACKENDS, source.getFirst().origin());
            all.add(distinct(source.stream().map(this::plain).toList()));
        }
        sources.node(BackendSettings.BACKENDS)
                .filter(node -> !node.items().isEmpty())
                .ifPresent(node -> {
                    values.cameFrom(BackendSettings.BACKENDS, node.origin());
                    List<Placed> placed = new ArrayList<>();
                    node.items().forEach(item -> add(item, node.isList(), placed));
                    all.add(distinct(placed));
                });
        if (all.isEmpty() && !sources.fileMissing() && !sources.lacksValue(BackendSettings.BACKENDS)) {
            problems.add(none(sources));
        }
        return all.isEmpty() ? List.of() : all.getFirst();
    }

    /** Whoever has a file is told how it is said there, and which file was read. */
    private Problem none(Sources sources) {
        Optional<FileNode> pool = sources.section().flatMap(Sources.Section::node);
        if (pool.isPresent()) {
            return Problem.of(
                    pool.get().origin(),
                    "no backends",
                    "a pool with the key backends, such as backends: [http://app1:3000]");
        }
        String flag = "-backends http://app1:3000,http://app2:3000";
        return sources.file()
                .map(root -> Problem.of(
                        sources.node(BackendSettings.BACKENDS)
                                .map(FileNode::origin)
                                .orElse(Origin.file(root.file().name(), 1, BackendSettings.BACKENDS.path())),
                        "none",
                        "at least one backend, such as backends: [http://app1:3000, http://app2:3000], or " + flag))
                .orElse(Problem.of(
                        values.origin(BackendSettings.BACKENDS), "none", "at least one backend, such as " + flag));
    }

    /**
     * Adds those of a node. One that is of the wrong kind has been complained of where the file was read.
     *
     * @param ofList a comma in an item of a list is a part of it */
    private void add(FileNode node, boolean ofList, List<Placed> to) {
        if (node.isMapping() && ofList) {
            to.add(mapping(node));
        } else if (node.isScalar() && ofList) {
            to.add(plain(node.given()));
        } else if (node.isScalar()) {
            Sources.split(BackendSettings.BACKENDS, node.given())
                    .map(this::plain)
                    .forEach(to::add);
        }
    }

    /** A URL, and the weight and the word that may follow it. */
    private Placed plain(RawValue given) {
        boolean backup = given.text().endsWith(BACKUP);
        RawValue rest = backup ? part(given, 0, given.text().length() - BACKUP.length()) : given;
        Placed placed = weighted(rest);
        return new Placed(placed.config().map(config -> config.withBackup(backup)), placed.origin());
    }

    private Placed weighted(RawValue given) {
        int end = given.text().lastIndexOf(WEIGHT);
        RawValue url = end < 0 ? given : part(given, 0, end);
        int own = end < 0
                ? weight
                : weight(part(given, end + WEIGHT.length(), given.text().length()), url);
        Optional<BackendConfig> config = values.read(BackendSettings.BACKENDS.form(), url)
                .map(at -> new BackendConfig(at, own, inFlight, Map.of(), Optional.empty(), Optional.empty()));
        return new Placed(config, given.origin());
    }

    private static RawValue part(RawValue given, int from, int to) {
        return new RawValue(given.text().substring(from, to), given.origin(), given.folder());
    }

    private int weight(RawValue given, RawValue url) {
        try {
            return BackendSettings.WEIGHT.form().read(given);
        } catch (InvalidValue e) {
            String what = "weight " + (given.text().isEmpty() ? "nothing" : given.text()) + " of " + url.text();
            problems.add(Problem.of(given.origin(), what, e.expected()));
            return weight;
        }
    }

    private Placed mapping(FileNode node) {
        Optional<BackendUrl> url = part(node, URL);
        if (node.find(URL.key()).isEmpty()) {
            problems.add(Problem.of(node.origin(), "no url", "a backend with the key url"));
        }
        int own = part(node, OWN_WEIGHT).orElse(weight);
        Map<String, String> labels = node.find(LABELS).map(FileNode::texts).orElse(Map.of());
        int most = part(node, IN_FLIGHT).orElse(inFlight);
        Optional<Integer> healthPort = part(node, HEALTH_PORT);
        if (healthPort.isPresent()
                && url.filter(at -> at.host() instanceof Host.LocalSocket).isPresent()) {
            problems.add(
                    Problem.of(node.origin(), "health_port", "a backend with a port; a socket is checked where it is"));
        }
        Optional<String> healthPath = part(node, HEALTH_PATH);
        boolean backup = part(node, IS_BACKUP).orElse(false);
        return new Placed(
                url.map(at -> new BackendConfig(at, own, most, labels, healthPort, healthPath).withBackup(backup)),
                node.origin());
    }

    private <T> Optional<T> part(FileNode node, Part<T> part) {
        return node.find(part.key()).flatMap(found -> values.read(part.form(), found.given()));
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

    /** What a mapping may say of a backend: its key is the same for each of a hundred thousand. */
    private record Part<T>(String key, Form<T> form) {

        static <T> Part<T> of(Setting<T> setting) {
            return new Part<>(setting.key(), setting.form());
        }
    }

    private record Placed(Optional<BackendConfig> config, Origin origin) {}
}
