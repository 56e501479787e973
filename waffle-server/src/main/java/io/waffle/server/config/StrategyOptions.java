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
    private final Doors doors;
    private final Collection<Problem> problems;

    StrategyOptions(Values values, Doors doors, Collection<Problem> problems) {
        this.values = values;
        this.doors = doors;
        this.problems = problems;
    }

    /**
     * Options add up, the stronger door winning. But a file that has {@code strategy: a} with options of a, under a command line with
     * {@code -lb-strategy b}, must not hand b what only a understands.
     */
    Read read() {
        String name = values.get(StrategySettings.NAME);
        Map<String, Given> options = new HashMap<>();
        for (Map<String, Given> door : perDoor()) {
            if (meantFor(name, door)) {
                door.forEach(options::putIfAbsent);
            }
        }
        Map<String, String> texts = new HashMap<>();
        Map<String, Origin> origins = new HashMap<>();
        options.forEach((option, given) -> {
            texts.put(option, given.text());
            origins.put(option, given.origin());
        });
        return new Read(new StrategyConfig(name, texts), Map.copyOf(origins));
    }

    /** Where the options come from, by their names. */
    record Read(StrategyConfig config, Map<String, Origin> origins) {}

    private List<Map<String, Given>> perDoor() {
        List<Map<String, Given>> all = new ArrayList<>();
        doors.typed(StrategySettings.OPTIONS).forEach(door -> all.add(pairs(door)));
        doors.node(StrategySettings.OPTIONS).ifPresent(node -> all.add(node.words()));
        return all;
    }

    private Map<String, Given> pairs(List<Given> door) {
        Map<String, Given> pairs = new LinkedHashMap<>();
        for (Given given : door) {
            values.read(StrategySettings.OPTIONS.form(), given).ifPresent(pair -> {
                String option = pair.substring(0, pair.indexOf('='));
                Given value = new Given(pair.substring(option.length() + 1), given.origin(), given.folder());
                if (pairs.putIfAbsent(option, value) != null) {
                    problems.add(Problem.of(given.origin(), pair, "each option once; " + option + " was given before"));
                }
            });
        }
        return pairs;
    }

    private boolean meantFor(String name, Map<String, Given> options) {
        Optional<Origin.Door> door =
                options.values().stream().map(given -> given.origin().door()).findFirst();
        List<Given> names = doors.of(StrategySettings.NAME).stream()
                .map(List::getLast)
                .filter(given -> door.isPresent() && given.origin().door() == door.get())
                .toList();
        return names.isEmpty() || names.getFirst().text().equals(name);
    }
}
