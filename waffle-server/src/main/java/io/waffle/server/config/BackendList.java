// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the backends: URLs from every door, and from the file mappings too. */
final class BackendList {

    private final Values values;
    private final List<Problem> problems;

    BackendList(Values values, List<Problem> problems) {
        this.values = values;
        this.problems = problems;
    }

    /** Those of the strongest door, without the wrong ones. */
    List<BackendConfig> read(Doors doors) {
        List<List<BackendConfig>> all = new ArrayList<>();
        for (List<Given> door : doors.typed(Settings.BACKENDS)) {
            values.cameFrom(Settings.BACKENDS, door.getFirst().origin());
            all.add(distinct(door.stream().map(this::plain).toList()));
        }
        doors.node(Settings.BACKENDS).filter(node -> !node.items().isEmpty()).ifPresent(node -> {
            values.cameFrom(Settings.BACKENDS, node.origin());
            all.add(distinct(node.items().stream().flatMap(this::item).toList()));
        });
        if (all.isEmpty() && !doors.fileMissing()) {
            Origin origin =
                    doors.node(Settings.BACKENDS).map(FileNode::origin).orElse(values.origin(Settings.BACKENDS));
            problems.add(Problem.of(
                    origin, "none", "at least one backend, such as -backends http://app1:3000,http://app2:3000"));
        }
        return all.isEmpty() ? List.of() : all.getFirst();
    }

    private Stream<Placed> item(FileNode node) {
        if (node.isScalar()) {
            return Doors.split(Settings.BACKENDS, node.given()).map(this::plain);
        }
        return Stream.of(mapping(node));
    }

    private Placed plain(Given given) {
        Optional<BackendConfig> config = values.read(Settings.BACKENDS.form(), given)
                .map(uri -> new BackendConfig(uri, values.get(Settings.BACKEND_WEIGHT), Map.of()));
        return new Placed(config, given.origin());
    }

    private Placed mapping(FileNode node) {
        Optional<URI> uri = node.find(Settings.BACKEND_URL.key())
                .flatMap(url -> values.read(Settings.BACKEND_URL.form(), url.given()));
        if (node.find(Settings.BACKEND_URL.key()).isEmpty()) {
            problems.add(Problem.of(node.origin(), "no url", "a backend with the key url"));
        }
        int weight = node.find(Settings.BACKEND_WEIGHT.key())
                .flatMap(found -> values.read(Settings.BACKEND_WEIGHT.form(), found.given()))
                .orElse(values.get(Settings.BACKEND_WEIGHT));
        Map<String, String> labels = new HashMap<>();
        node.find(Settings.BACKEND_LABELS.key())
                .ifPresent(found -> found.words().forEach((key, given) -> labels.put(key, given.text())));
        return new Placed(uri.map(url -> new BackendConfig(url, weight, labels)), node.origin());
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
