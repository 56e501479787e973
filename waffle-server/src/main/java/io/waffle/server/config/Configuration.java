// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the doors say, and what is wrong with it.
 *
 * @param config to be used only if there are no problems: else defaults stand where something wrong was given
 * @param file the file that was read, if one was given
 * @param plugins the folder of plugins, if one was given
 * @param problems sorted by door and place
 * @param origins where settings come from that do not have their defaults
 * @param optionOrigins the same for the options of the strategy
 */
public record Configuration(
        WaffleConfig config,
        Optional<Path> file,
        Optional<Path> plugins,
        List<Problem> problems,
        Map<Setting<?>, Origin> origins,
        Map<String, Origin> optionOrigins) {

    public Configuration {
        problems = problems.stream()
                .sorted((a, b) -> a.origin().compareTo(b.origin()))
                .toList();
    }

    /** Where the value of a setting comes from; the flag that would set it, if it has its default. */
    public Origin origin(Setting<?> setting) {
        return origins.getOrDefault(setting, new Origin(Origin.Door.DEFAULT, 0, setting.name()));
    }
}
