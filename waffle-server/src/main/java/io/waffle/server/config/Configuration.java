// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the sources say, and what is wrong with it.
 *
 * @param config to be used only if there are no problems: else defaults stand where something wrong was given
 * @param file the file that was read, if one was given
 * @param plugins the folder of plugins, if one was given
 * @param problems sorted by source and place
 * @param origins where the settings of the top come from
 * @param listeners the same of each listener, by its name
 * @param pools the same of each pool
 * @param routes the same of each route
 */
public record Configuration(
        WaffleConfig config,
        Optional<Path> file,
        Optional<Path> plugins,
        List<Problem> problems,
        Origins origins,
        Map<String, Origins> listeners,
        Map<String, Origins> pools,
        Map<String, Origins> routes) {

    public Configuration {
        problems = problems.stream()
                .sorted((a, b) -> a.origin().compareTo(b.origin()))
                .toList();
    }

    /** Where the value of a setting of the top comes from; the flag that would set it, if it has its default. */
    public Origin origin(Setting<?> setting) {
        return origins.of(setting);
    }

    /** The same of a section, as one of {@link #listeners}, {@link #pools} and {@link #routes} has it. */
    public static Origin origin(Map<String, Origins> sections, String name, Setting<?> setting) {
        return sections.getOrDefault(name, Origins.NONE).of(setting);
    }
}
