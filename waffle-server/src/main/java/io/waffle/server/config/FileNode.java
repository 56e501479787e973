// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.helidon.config.Config;
import io.waffle.server.config.ConfigFile.Schema;
import io.waffle.server.config.YamlTree.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A place in the file: the value by Helidon, the line by snakeyaml.
 *
 * @param path of keys, as messages show it
 */
record FileNode(Config config, YamlTree tree, Path file, String path) {

    /** Complains of unknown keys and of lists and mappings where there should be none. */
    void check(Schema schema, List<Problem> problems) {
        tree.members().keySet().forEach(key -> {
            FileNode child = child(key).orElseThrow();
            if (!schema.keys().contains(key)) {
                problems.add(Problem.unknown(
                        child.origin(), "key", key, schema.keys(), "one of " + String.join(", ", schema.keys())));
                return;
            }
            schema.setting(key)
                    .ifPresentOrElse(
                            setting -> child.checkValue(setting, schema, problems),
                            () -> child.checkSection(schema.section(key), problems));
        });
    }

    /** Where this is, for messages. */
    Origin origin() {
        return Origin.file(file.toString(), tree.line(), path);
    }

    /** By its key; nothing if a value is left empty: {@code tls:} with all that follows commented out means nothing. */
    Optional<FileNode> find(String dotted) {
        Optional<FileNode> node = Optional.of(this);
        for (String key : dotted.split("\\.", -1)) {
            node = node.flatMap(parent -> parent.child(key));
        }
        return node.filter(found -> !found.isEmpty());
    }

    /** The items of a list; a value where a list could be is a list of one. */
    List<FileNode> items() {
        if (tree.kind() != Kind.LIST) {
            return List.of(this);
        }
        List<Config> configs = config.asNodeList().orElse(List.of());
        return IntStream.range(0, tree.items().size())
                .mapToObj(i -> new FileNode(configs.get(i), tree.items().get(i), file, path + "[" + i + "]"))
                .toList();
    }

    /** The values of a mapping whose keys are free words, dots and all. */
    Map<String, Given> words() {
        Map<String, Given> words = new LinkedHashMap<>();
        // The names as they are in the file: Helidon makes a tree of a key with dots.
        tree.members().keySet().forEach(key -> child(key)
                .filter(child -> child.tree.kind() == Kind.SCALAR)
                .ifPresent(child -> words.put(key, child.given())));
        return words;
    }

    /** The value here; empty for a list or mapping. */
    Given given() {
        return new Given(config.asString().orElse(""), origin(), folder());
    }

    boolean isScalar() {
        return tree.kind() == Kind.SCALAR;
    }

    private Path folder() {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private Optional<FileNode> child(String key) {
        return Optional.ofNullable(tree.members().get(key))
                .map(found -> new FileNode(config.get(key), found, file, path.isEmpty() ? key : path + "." + key));
    }

    private boolean isEmpty() {
        return isScalar() && config.asString().orElse("").isEmpty();
    }

    private void checkSection(Schema schema, List<Problem> problems) {
        if (tree.kind() == Kind.MAPPING) {
            check(schema, problems);
        } else if (!isEmpty()) {
            problems.add(
                    Problem.of(origin(), tree.kind().toString(), "a mapping with " + String.join(", ", schema.keys())));
        }
    }

    private void checkValue(Setting<?> setting, Schema schema, List<Problem> problems) {
        if (!Schema.fits(setting, tree.kind())) {
            problems.add(Problem.of(origin(), tree.kind().toString(), setting.range()));
        }
        switch (setting.shape()) {
            case LIST -> items().forEach(item -> item.checkItem(setting, schema, problems));
            case MAP -> checkWords(problems);
            default -> {}
        }
    }

    private void checkItem(Setting<?> setting, Schema schema, List<Problem> problems) {
        if (tree.kind() == Kind.MAPPING && schema.hasItems(setting.key())) {
            check(schema.items(setting.key()), problems);
        } else if (tree.kind() != Kind.SCALAR) {
            problems.add(Problem.of(origin(), tree.kind().toString(), setting.range()));
        }
    }

    private void checkWords(List<Problem> problems) {
        if (tree.kind() == Kind.SCALAR && !isEmpty()) {
            problems.add(Problem.of(origin(), tree.kind().toString(), "a mapping"));
        }
        tree.members().keySet().forEach(key -> child(key)
                .filter(child -> child.tree.kind() != Kind.SCALAR)
                .ifPresent(child -> problems.add(
                        Problem.of(child.origin(), child.tree.kind().toString(), "a single value"))));
    }
}
