// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was given through each door. A door that gave nothing for a setting is left out.
 *
 * @param fileMissing a file was named and could not be read: what is not given elsewhere may well be there
 */
record Doors(
        Map<Setting<?>, List<Given>> flags,
        Map<String, String> environment,
        Path folder,
        Optional<FileNode> file,
        boolean fileMissing) {

    Doors withFile(Optional<FileNode> node, boolean missing) {
        return new Doors(flags, environment, folder, node, missing);
    }

    /** The single values of a setting, door by door, the strongest first. */
    List<List<Given>> of(Setting<?> setting) {
        return Stream.of(typed(setting), atPlace(setting)).flatMap(List::stream).toList();
    }

    /** Those of the command line and the environment, for a setting whose place in the file has more to it than text. */
    List<List<Given>> typed(Setting<?> setting) {
        return Stream.of(flag(setting), variable(setting))
                .filter(values -> !values.isEmpty())
                .toList();
    }

    Optional<FileNode> node(Setting<?> setting) {
        return setting.path().isEmpty() ? Optional.empty() : file.flatMap(root -> root.find(setting.path()));
    }

    /** One by one, if the setting takes several. */
    static Stream<Given> split(Setting<?> setting, Given given) {
        boolean commas = setting.shape() == Shape.LIST
                || (setting.shape() == Shape.MAP && given.origin().door() == Origin.Door.VARIABLE);
        if (!commas) {
            return Stream.of(given);
        }
        return Arrays.stream(given.text().split(",", -1))
                .map(text -> new Given(text.strip(), given.origin(), given.folder()));
    }

    private List<Given> flag(Setting<?> setting) {
        return flags.getOrDefault(setting, List.of()).stream()
                .flatMap(given -> split(setting, given))
                .toList();
    }

    /** An empty variable counts as none: that is how a compose file or a unit file leaves one out. */
    private List<Given> variable(Setting<?> setting) {
        return setting.variable().stream()
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .map(name -> new Given(
                        environment.getOrDefault(name, ""),
                        Origin.variable(Settings.all().indexOf(setting), name),
                        folder))
                .flatMap(given -> split(setting, given))
                .toList();
    }

    private List<List<Given>> atPlace(Setting<?> setting) {
        return node(setting).stream()
                .map(node -> node.items().stream()
                        .filter(FileNode::isScalar)
                        .map(FileNode::given)
                        .flatMap(given -> node.isList() ? Stream.of(given) : split(setting, given))
                        .toList())
                .filter(values -> !values.isEmpty())
                .toList();
    }
}
