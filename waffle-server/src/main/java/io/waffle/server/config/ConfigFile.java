// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.config.yaml.YamlConfigParser;
import io.waffle.server.config.Setting.Shape;
import io.waffle.server.config.YamlTree.Kind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The door of the YAML file: reads it by Helidon Config, and says of each value in which line it is. */
final class ConfigFile {

    private ConfigFile() {}

    /** Reads the file; what is wrong goes to the problems, and then the result lacks it. */
    static Optional<FileNode> read(Path file, Origin origin, List<Problem> problems) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            problems.add(Problem.of(origin, file.toString(), "a YAML file that can be read; " + reason(e)));
            return Optional.empty();
        }
        return parse(file, text, problems);
    }

    private static Optional<FileNode> parse(Path file, String text, List<Problem> problems) {
        int before = problems.size();
        YamlTree tree = YamlTree.parse(
                text, (line, message) -> problems.add(new Problem(Origin.file(file.toString(), line, ""), message)));
        if (tree.kind() != Kind.MAPPING) {
            problems.add(
                    Problem.of(Origin.file(file.toString(), 1, ""), tree.kind().toString(), "KEY: VALUE lines"));
        }
        if (problems.size() > before || tree.members().isEmpty()) {
            return Optional.empty();
        }
        try {
            FileNode root = new FileNode(config(text), tree, file, "");
            root.check(new Schema(), problems);
            return Optional.of(root);
        } catch (ConfigException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            problems.add(new Problem(Origin.file(file.toString(), 1, ""), "not YAML of plain values: " + reason));
            return Optional.empty();
        }
    }

    /**
     * From exactly this source. Helidon would mix in environment variables and system properties, and would replace {@code ${...}} in keys
     * and values: a password with a dollar sign is to stay what it is.
     */
    private static Config config(String yaml) {
        return Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableKeyResolving()
                .disableValueResolving()
                .disableFilterServices()
                .disableParserServices()
                .addParser(YamlConfigParser.create())
                .addSource(ConfigSources.create(yaml, MediaTypes.APPLICATION_X_YAML))
                .build();
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is none";
            case CharacterCodingException coding -> "it is not UTF-8";
            default -> "the system says " + e.getClass().getSimpleName();
        };
    }

    /** The keys a mapping may have, from the table of settings. */
    record Schema(String prefix) {

        Schema() {
            this("");
        }

        /** The names of keys here, without those further down. */
        List<String> keys() {
            return Settings.all().stream()
                    .map(Setting::path)
                    .filter(path -> path.startsWith(prefix) && !path.isEmpty())
                    .map(path -> path.substring(prefix.length()).split("[.\\[]", 2)[0])
                    .distinct()
                    .toList();
        }

        /** The setting of this key; none for a section. */
        Optional<Setting<?>> setting(String key) {
            return Settings.all().stream()
                    .filter(setting -> setting.path().equals(prefix + key))
                    .findFirst();
        }

        Schema section(String key) {
            return new Schema(prefix + key + ".");
        }

        Schema items(String key) {
            return new Schema(prefix + key + "[].");
        }

        /** Whether mappings may be items of this list. */
        boolean hasItems(String key) {
            return Settings.all().stream()
                    .anyMatch(setting -> setting.path().startsWith(items(key).prefix()));
        }

        static boolean fits(Setting<?> setting, Kind kind) {
            return switch (kind) {
                case SCALAR -> true;
                case LIST -> setting.shape() == Shape.LIST;
                case MAPPING -> setting.shape() == Shape.MAP;
            };
        }
    }
}
