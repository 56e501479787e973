// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which strategy balances, and its options. */
final class StrategyOptions {

    private final Values values;
    private final Sources sources;
    private final Collection<Problem> problems;

    StrategyOptions(Values values, Sources sources, Collection<Problem> problems) {
        this.values = values;
        this.sources = sources;
        this.problems = problems;
    }

    /**
     * Options add up, the stronger source winning. But a file that has {@code strategy: a} with options of a, under a command line with
     * {@code -lb-strategy b}, must not hand b what only a understands.
     */
    Read read() {
        String name = values.get(StrategySettings.NAME);
        Map<String, RawValue> options = new HashMap<>();
        for (Map<String, RawValue> source : perSource()) {
            if (meantFor(name, source)) {
                source.forEach(options::putIfAbsent);
            }
        }
        return Read.of(name, options);
    }

    /** Where the options come from, by their names. */
    record Read(StrategyConfig config, Map<String, Origin> origins) {

        static Read of(String name, Map<String, RawValue> options) {
            Map<String, String> texts = new HashMap<>();
            Map<String, Origin> origins = new HashMap<>();
            options.forEach((option, given) -> {
                texts.put(option, given.text());
                origins.put(option, given.origin());
            });
            return new Read(new StrategyConfig(name, texts), Map.copyOf(origins));
        }
    }

    private List<Map<String, RawValue>> perSource() {
        List<Map<String, RawValue>> all = new ArrayList<>();
        sources.typed(StrategySettings.OPTIONS).forEach(source -> all.add(pairs(source)));
        sources.node(StrategySettings.OPTIONS).ifPresent(node -> all.add(node.words()));
        return all;
    }

    private Map<String, RawValue> pairs(List<RawValue> source) {
        Map<String, RawValue> pairs = new LinkedHashMap<>();
        for (RawValue given : source) {
            values.read(StrategySettings.OPTIONS.form(), given).ifPresent(pair -> {
                String option = pair.substring(0, pair.indexOf('='));
                RawValue value = new RawValue(pair.substring(option.length() + 1), given.origin(), given.folder());
                if (pairs.putIfAbsent(option, value) != null) {
                    problems.add(Problem.of(given.origin(), pair, "each option once; " + option + " was given before"));
                }
            });
        }
        return pairs;
    }

    private boolean meantFor(String name, Map<String, RawValue> options) {
        Optional<Origin.Source> source =
                options.values().stream().map(given -> given.origin().source()).findFirst();
        List<RawValue> names = sources.of(StrategySettings.NAME).stream()
                .map(List::getLast)
                .filter(given -> source.isPresent() && given.origin().source() == source.get())
                .toList();
        return names.isEmpty() || names.getFirst().text().equals(name);
    }
}
