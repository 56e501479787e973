// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the values of a section come from.
 *
 * @param settings those that do not have their defaults
 * @param options the same for the options of a strategy, or for the files that a listener names for names of servers
 * @param section where the section itself is, if it has a place
 */
public record Origins(Map<Setting<?>, Origin> settings, Map<String, Origin> options, Optional<Origin> section) {

    /** Nothing was given. */
    public static final Origins NONE = new Origins(Map.of(), Map.of());

    Origins(Map<Setting<?>, Origin> settings, Map<String, Origin> options) {
        this(settings, options, Optional.empty());
    }

    public Origins {
        settings = settled(settings);
        options = settled(options);
        section = section.map(Origin::settled);
    }

    private static <K> Map<K, Origin> settled(Map<K, Origin> origins) {
        Map<K, Origin> settled = new HashMap<>();
        origins.forEach((key, origin) -> settled.put(key, origin.settled()));
        return Map.copyOf(settled);
    }

    /** Those of a section that is there. */
    Origins at(Origin place) {
        return new Origins(settings, options, Optional.of(place));
    }

    /** Where the value of a setting comes from; the flag that would set it, if it has its default. */
    public Origin of(Setting<?> setting) {
        return settings.getOrDefault(setting, new Origin(Origin.Source.DEFAULT, 0, setting.name()));
    }
}
