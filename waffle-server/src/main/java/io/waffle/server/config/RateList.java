// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.RateConfig.KeyOf;
import io.waffle.server.config.RateConfig.Rate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the rates that have names, and those that routes go by. */
final class RateList {

    private static final String SECTIONS = "limits.rates";

    private final Values values;
    private final Collection<Problem> problems;
    private final Map<String, RateConfig> named = new LinkedHashMap<>();
    private final Set<String> names;

    RateList(Values values, Sources sources, Collection<Problem> problems) {
        this.values = values;
        this.problems = problems;
        Map<String, FileNode> sections = sources.file()
                .flatMap(file -> file.find(SECTIONS))
                .map(FileNode::sections)
                .orElse(Map.of());
        this.names = sections.keySet();
        sections.forEach(this::read);
    }

    private void read(String name, FileNode at) {
        Optional<Rate> rate = values.at(at, "rate", AccessSettings.RATES_RATE);
        Optional<Integer> burst = values.at(at, "burst", AccessSettings.RATES_BURST);
        KeyOf key = values.at(at, "key", AccessSettings.RATES_KEY).orElse(new KeyOf(RateConfig.Key.CLIENT, ""));
        boolean enforced = values.at(at, "mode", AccessSettings.RATES_MODE).orElse(RateForms.Mode.ENFORCE)
                == RateForms.Mode.ENFORCE;
        if (at.find("rate").isEmpty()) {
            problems.add(Problem.of(at.origin(), "no rate", "a rate, such as rate: 50/s"));
        }
        rate.ifPresent(found -> named.put(
                name,
                new RateConfig(
                        name,
                        found.count(),
                        found.period(),
                        burst.orElse(found.count()),
                        key.key(),
                        key.field(),
                        enforced)));
    }

    /** The one that these values go by. */
    Optional<RateConfig> of(Values given) {
        Optional<String> text = given.find(AccessSettings.RATE);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (RateForms.isName(text.get())) {
            if (!names.contains(text.get())) {
                problems.add(Problem.unknown(
                        given.origin(AccessSettings.RATE),
                        "rate",
                        text.get(),
                        names,
                        "one of limits.rates, or a rate such as 50/s"));
            }
            return Optional.ofNullable(named.get(text.get()));
        }
        try {
            return Optional.of(RateConfig.ofClients(text.get()));
        } catch (InvalidValue e) {
            return Optional.empty(); // which was said when it was read
        }
    }
}
