// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Scope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the pools: the one of {@code backends}, those with a section, and those of the command line, which go before sections of their name. */
final class PoolList {

    private static final String SECTIONS = "pools";

    private final Values values;
    private final Sources sources;
    private final Collection<Problem> problems;
    private final boolean overHttps;

    /** @param overHttps whether clients may come over https */
    PoolList(Values values, Sources sources, Collection<Problem> problems, boolean overHttps) {
        this.values = values;
        this.sources = sources;
        this.problems = problems;
        this.overHttps = overHttps;
    }

    /** By name, in their order; the default first. */
    Map<String, PoolReader.Read> read() {
        Map<String, FileNode> sections = sources.file()
                .flatMap(file -> file.find(SECTIONS))
                .map(FileNode::sections)
                .orElse(Map.of());
        Map<String, List<RawValue>> typed = typed();
        Map<String, PoolReader.Read> pools = new LinkedHashMap<>();
        boolean others = !sections.isEmpty() || !typed.isEmpty() || sources.lacksValue(BackendSettings.POOLS);
        if (!others || hasBackends()) {
            pools.put(WaffleConfig.DEFAULT, reader(values, sources).read(WaffleConfig.DEFAULT));
        }
        sections.forEach((name, node) -> {
            if (pools.containsKey(name)) {
                problems.add(Problem.of(
                        node.origin(),
                        name,
                        "another name: that one is the pool of " + BackendSettings.BACKENDS.name()));
            } else if (!typed.containsKey(name)) {
                pools.put(name, read(name, sources.within(node, Scope.POOL)));
            }
        });
        typed.forEach(
                (name, backends) -> pools.put(name, typed(name, backends, Optional.ofNullable(sections.get(name)))));
        return pools;
    }

    private boolean hasBackends() {
        return !sources.typed(BackendSettings.BACKENDS).isEmpty()
                || sources.node(BackendSettings.BACKENDS).isPresent()
                || sources.lacksValue(BackendSettings.BACKENDS);
    }

    private PoolReader.Read read(String name, Sources section) {
        return reader(values.within(section), section).read(name);
    }

    private PoolReader reader(Values from, Sources section) {
        return new PoolReader(from, section, problems, overHttps);
    }

    /** What else the file says of a pool of that name holds for it. */
    private PoolReader.Read typed(String name, List<RawValue> backends, Optional<FileNode> node) {
        return read(name, sources.within(node, Scope.POOL, backends));
    }

    /** Of the command line: by name, the texts of their backends. */
    private Map<String, List<RawValue>> typed() {
        Map<String, List<RawValue>> pools = new LinkedHashMap<>();
        for (List<RawValue> source : sources.typed(BackendSettings.POOLS)) {
            for (RawValue given : source) {
                values.read(BackendSettings.POOLS.form(), given).ifPresent(text -> {
                    String name = text.substring(0, text.indexOf('='));
                    RawValue urls = new RawValue(text.substring(name.length() + 1), given.origin(), given.folder());
                    List<RawValue> each =
                            Sources.split(BackendSettings.BACKENDS, urls).toList();
                    if (pools.putIfAbsent(name, each) != null) {
                        problems.add(Problem.of(given.origin(), text, "each pool once; " + name + " was given before"));
                    }
                });
            }
        }
        return pools;
    }
}
