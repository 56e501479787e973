// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.YamlTree.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place in the file.
 *
 * @param parent what it is in; itself none
 * @param key under which it is there; empty for an item of a list
 * @param index which item it is, from 0; negative for what is none
 */
record FileNode(YamlTree tree, InFile file, Optional<FileNode> parent, String key, int index) {

    /**
     * The file, as its places need it, which may be many.
     *
     * @param name as messages show it
     * @param folder what relative paths in it are relative to
     */
    record InFile(String name, Path folder) {

        static InFile of(Path file) {
            Path parent = file.toAbsolutePath().getParent();
            return new InFile(file.toString(), parent == null ? file.toAbsolutePath() : parent);
        }
    }

    /** The whole file. */
    FileNode(YamlTree tree, InFile file) {
        this(tree, file, Optional.empty(), "", -1);
    }

    /** Complains of unknown keys and of lists and mappings where there should be none. */
    void check(Schema schema, Collection<Problem> problems) {
        tree.members().forEach((key, value) -> {
            FileNode child = child(key, value);
            if (!schema.keys().contains(key)) {
                problems.add(Problem.unknown(
                        child.origin(), "key", key, schema.keys(), "one of " + String.join(", ", schema.keys())));
                return;
            }
            if (schema.hasNames(key)) {
                child.checkNames(schema.named(key), schema.nameForm(key), problems);
                return;
            }
            schema.setting(key)
                    .ifPresentOrElse(
                            setting -> child.checkValue(key, setting, schema, problems),
                            () -> child.checkSection(schema.section(key), problems));
        });
    }

    /** Complains of names that are none, and of what their sections have. */
    private void checkNames(Schema each, Form<String> form, Collection<Problem> problems) {
        if (tree.kind() != Kind.MAPPING && !isEmpty()) {
            problems.add(Problem.of(origin(), tree.kind().toString(), "a mapping of names, each with its own keys"));
            return;
        }
        tree.members().keySet().forEach(name -> {
            FileNode child = child(name).orElseThrow();
            try {
                form.read(new RawValue(name, child.origin(), file.folder()));
            } catch (InvalidValue e) {
                problems.add(Problem.of(child.origin(), name, e.expected()));
            }
            child.checkSection(each, problems);
        });
    }

    /** The sections of a mapping of free names, in their order. */
    Map<String, FileNode> sections() {
        Map<String, FileNode> sections = new LinkedHashMap<>();
        tree.members().keySet().forEach(name -> child(name)
                .filter(child -> child.tree.kind() == Kind.MAPPING)
                .ifPresent(child -> sections.put(name, child)));
        return sections;
    }

    boolean isMapping() {
        return tree.kind() == Kind.MAPPING;
    }

    /** Where this is, for messages. */
    Origin origin() {
        return Origin.file(file.name(), tree.line(), this::path);
    }

    /** Of keys, as messages show it. */
    private String path() {
        String before = parent.map(FileNode::path).orElse("");
        if (index >= 0) {
            return before + "[" + index + "]";
        }
        return before.isEmpty() ? key : before + "." + key;
    }

    /** By its key; nothing if a value is left empty: {@code tls:} with all that follows commented out means nothing. */
    Optional<FileNode> find(String dotted) {
        int dot = dotted.indexOf('.');
        return dot < 0
                ? child(dotted).filter(found -> !found.isEmpty())
                : child(dotted.substring(0, dot)).flatMap(parent -> parent.find(dotted.substring(dot + 1)));
    }

    /** Whether its items are written one by one, so that a comma is a part of one. */
    boolean isList() {
        return tree.kind() == Kind.LIST;
    }

    /** The items of a list; a value where a list could be is a list of one. */
    List<FileNode> items() {
        if (tree.kind() != Kind.LIST) {
            return List.of(this);
        }
        List<FileNode> items = new ArrayList<>(tree.items().size());
        for (YamlTree item : tree.items()) {
            items.add(new FileNode(item, file, Optional.of(this), "", items.size()));
        }
        return items;
    }

    /** The values of a mapping whose keys are free words, dots and all. */
    Map<String, RawValue> words() {
        Map<String, RawValue> words = new LinkedHashMap<>();
        tree.members().keySet().forEach(key -> child(key)
                .filter(FileNode::isScalar)
                .ifPresent(child -> words.put(key, child.given())));
        return words;
    }

    /** The same as texts. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        tree.members().forEach((key, value) -> {
            if (value.kind() == Kind.SCALAR) {
                texts.put(key, value.text());
            }
        });
        return texts;
    }

    /** The value here; empty for a list or mapping. */
    RawValue given() {
        return new RawValue(tree.text(), origin(), file.folder());
    }

    boolean isScalar() {
        return tree.kind() == Kind.SCALAR;
    }

    private Optional<FileNode> child(String key) {
        YamlTree found = tree.members().get(key);
        return found == null ? Optional.empty() : Optional.of(child(key, found));
    }

    private FileNode child(String key, YamlTree value) {
        return new FileNode(value, file, Optional.of(this), key, -1);
    }

    private boolean isEmpty() {
        return isScalar() && tree.text().isEmpty();
    }

    private void checkSection(Schema schema, Collection<Problem> problems) {
        if (tree.kind() == Kind.MAPPING) {
            check(schema, problems);
        } else if (!isEmpty()) {
            problems.add(
                    Problem.of(origin(), tree.kind().toString(), "a mapping with " + String.join(", ", schema.keys())));
        }
    }

    /** @param key under which it is here; the setting may be at home elsewhere */
    private void checkValue(String key, Setting<?> setting, Schema schema, Collection<Problem> problems) {
        if (tree.kind() == Kind.MAPPING && schema.hasSection(key)) {
            check(schema.section(key), problems);
            return;
        }
        if (!Schema.fits(setting, tree.kind())) {
            if (!isEmpty()) {
                problems.add(Problem.of(origin(), tree.kind().toString(), shape(setting)));
            }
            return;
        }
        switch (setting.shape()) {
            case LIST -> {
                Schema each = schema.items(key);
                items().forEach(item -> item.checkItem(setting, each, problems));
            }
            case ITEMS -> items().forEach(item -> item.checkSection(schema.items(key), problems));
            case MAP -> checkWords(problems);
            case SHARES -> checkShares(problems);
            default -> {}
        }
    }

    private static String shape(Setting<?> setting) {
        return switch (setting.shape()) {
            case LIST -> "a list, each item behind a dash, or in [] with commas between";
            case MAP -> "a mapping of names to values";
            case ITEMS -> "a list of mappings, each behind a dash";
            case SHARES -> "one name, or a mapping of names to weights";
            default -> "a single value: " + setting.range();
        };
    }

    private void checkItem(Setting<?> setting, Schema each, Collection<Problem> problems) {
        boolean mapping = !each.keys().isEmpty();
        if (tree.kind() == Kind.MAPPING && mapping) {
            check(each, problems);
        } else if (tree.kind() != Kind.SCALAR) {
            String keys = mapping ? ", or a mapping with url" : "";
            problems.add(Problem.of(origin(), tree.kind().toString(), "a single value: " + setting.range() + keys));
        }
    }

    private void checkShares(Collection<Problem> problems) {
        if (tree.kind() == Kind.MAPPING) {
            checkWords(problems);
        }
    }

    private void checkWords(Collection<Problem> problems) {
        if (tree.kind() == Kind.SCALAR && !isEmpty()) {
            problems.add(Problem.of(origin(), tree.kind().toString(), "a mapping"));
        }
        tree.members().forEach((key, value) -> {
            Origin where = Origin.file(file.name(), value.line(), () -> path() + "." + key);
            if (key.isEmpty()) {
                problems.add(Problem.of(where, "an empty name", "a name before the colon"));
            }
            if (value.kind() != Kind.SCALAR) {
                problems.add(Problem.of(where, value.kind().toString(), "a single value"));
            }
        });
    }
}
