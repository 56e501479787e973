// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was given through each source. A source that gave nothing for a setting is left out.
 *
 * @param fileMissing a file was named and could not be read: what is not given elsewhere may well be there
 * @param section the one whose values are asked for, if it is not the top
 */
record Sources(
        Map<Setting<?>, List<RawValue>> flags,
        Map<String, String> environment,
        Path folder,
        Optional<FileNode> file,
        boolean fileMissing,
        Optional<Section> section) {

    private static final String PREFIX = "WAFFLE_";

    /**
     * A section of the file that says of itself what else the top says for all of its kind: a listener, a pool, a route.
     *
     * @param node none if there is nothing but the backends
     * @param backends those of the command line, if they are given there
     */
    record Section(Optional<FileNode> node, Scope scope, List<RawValue> backends) {

        private Optional<FileNode> find(Setting<?> setting) {
            return setting.scope() == scope ? node.flatMap(found -> found.find(setting.path())) : Optional.empty();
        }
    }

    Sources withFile(Optional<FileNode> node, boolean missing) {
        return new Sources(flags, environment, folder, node, missing, Optional.empty());
    }

    /** What a section says; what it does not say of itself is as the top has it, whatever source that came through. */
    Sources within(FileNode node, Scope scope) {
        return within(Optional.of(node), scope, List.of());
    }

    /** The same of a pool whose backends are on the command line. */
    Sources within(Optional<FileNode> node, Scope scope, List<RawValue> backends) {
        return new Sources(
                flags, environment, folder, file, fileMissing, Optional.of(new Section(node, scope, backends)));
    }

    /** Whether the section says anything under one of these keys; the top always does. */
    boolean says(String... keys) {
        if (section.isEmpty()) {
            return true;
        }
        Optional<FileNode> node = section.get().node();
        for (String key : keys) {
            if (node.isPresent() && node.get().find(key).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Whether its flag stands there without a value, which has been complained of: nobody need be told that there is none. */
    boolean lacksValue(Setting<?> setting) {
        return flags.containsKey(setting)
                && flags.getOrDefault(setting, List.of()).isEmpty();
    }

    /** The single values of a setting, source by source, the strongest first. */
    List<List<RawValue>> of(Setting<?> setting) {
        return Stream.of(typed(setting), atPlace(setting)).flatMap(List::stream).toList();
    }

    /** Those of the command line and the environment, for a setting whose place in the file has more to it than text. */
    List<List<RawValue>> typed(Setting<?> setting) {
        if (isOfSection(setting)) {
            List<RawValue> backends = section.get().backends();
            return setting.equals(BackendSettings.BACKENDS) && !backends.isEmpty() ? List.of(backends) : List.of();
        }
        return Stream.of(flag(setting), variable(setting))
                .filter(values -> !values.isEmpty())
                .toList();
    }

    Optional<FileNode> node(Setting<?> setting) {
        if (isOfSection(setting)) {
            return section.flatMap(within -> within.find(setting));
        }
        return setting.path().isEmpty() ? Optional.empty() : file.flatMap(root -> root.find(setting.path()));
    }

    /** What stands at this path in the section, or at the top if the section has nothing there. */
    Optional<FileNode> place(String path) {
        return section.flatMap(Section::node)
                .flatMap(within -> within.find(path))
                .or(() -> file.flatMap(root -> root.find(path)));
    }

    /** Whether the section alone says it: who has backends has them for itself. */
    boolean isOfSection(Setting<?> setting) {
        return section.isPresent()
                && (setting.equals(BackendSettings.BACKENDS)
                        || section.get().find(setting).isPresent());
    }

    /** One by one, if the setting takes several. */
    static Stream<RawValue> split(Setting<?> setting, RawValue given) {
        boolean commas = setting.shape() == Shape.LIST
                || (setting.shape() == Shape.MAP && given.origin().source() == Origin.Source.VARIABLE);
        if (!commas) {
            return Stream.of(given);
        }
        return Arrays.stream(given.text().split(",", -1))
                .map(text -> new RawValue(text.strip(), given.origin(), given.folder()));
    }

    /**
     * Variables that look like ours and are none, but nearly. Only beside something that is wrong: Kubernetes makes up variables for a service of
     * that name, and they do no harm.
     */
    List<Problem> misspelt() {
        List<String> known = Settings.all().stream()
                .flatMap(setting -> setting.variable().stream())
                .toList();
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .filter(name ->
                        Nearest.to(name.substring(PREFIX.length()), bare(known)).isPresent())
                .sorted()
                .map(name -> Problem.unknown(
                        Origin.variable(Settings.all().size(), name), "variable", name, known, "another name"))
                .toList();
    }

    private static List<String> bare(List<String> names) {
        return names.stream().map(name -> name.substring(PREFIX.length())).toList();
    }

    private List<RawValue> flag(Setting<?> setting) {
        return flags.getOrDefault(setting, List.of()).stream()
                .flatMap(given -> split(setting, given))
                .toList();
    }

    /** An empty variable counts as none: that is how a compose file or a unit file leaves one out. */
    private List<RawValue> variable(Setting<?> setting) {
        return setting.variable().stream()
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .map(name -> new RawValue(
                        environment.getOrDefault(name, ""),
                        Origin.variable(Settings.all().indexOf(setting), name),
                        folder))
                .flatMap(given -> split(setting, given))
                .toList();
    }

    private List<List<RawValue>> atPlace(Setting<?> setting) {
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
