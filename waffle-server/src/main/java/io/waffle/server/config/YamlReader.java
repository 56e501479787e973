// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Makes a {@link YamlTree} of the events of a YAML file, as they come: so a file of a hundred thousand backends needs no more memory than the
 * tree. Values are the text as it is written. What they mean is for the settings to say: {@code 010} is ten to people, eight to YAML 1.1, and
 * {@code 1:30} is ninety to it.
 */
final class YamlReader {

    /** More than any setting needs. */
    private static final int DEEPEST = 10;

    /** So much is never reached by what is written, only by anchors that hold anchors that hold anchors. */
    private static final int MOST_BY_ANCHORS = 1_000_000;

    /** Far more than any value needs. The parser, which looks ahead to the end of a word, needs the square of its length in time. */
    private static final int LONGEST_WORD = 64 * 1024;

    /** Where a word ends, for the parser. */
    private static final String BETWEEN_WORDS = " \t\r\n,[]{}";

    /** Those that say what is seen without them. */
    private static final Set<String> PLAIN_TAGS = Stream.of("str", "int", "float", "bool", "null", "seq", "map")
            .map("tag:yaml.org,2002:"::concat)
            .collect(Collectors.toUnmodifiableSet());

    /** Most mappings are backends and their labels. */
    private static final int FEW = 4;

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    private final String text;
    private final YamlTree.Complaints complaints;
    private final Map<String, Anchor> anchors = new HashMap<>();

    /** The names before colons, each once: a hundred thousand backends have the same few. */
    private final Map<String, String> names = new HashMap<>();

    private final Iterator<Event> events;
    private int byAnchors;

    /** What an anchor stands for; of one that is still open nothing yet. */
    private record Anchor(@Nullable YamlTree tree, int size) {}

    /** Ends the reading: what is wrong has been said. */
    private static final class Enough extends RuntimeException {

        private static final long serialVersionUID = 1;

        Enough() {
            super("enough", null, false, false);
        }
    }

    YamlReader(String text, YamlTree.Complaints complaints) {
        this.text = text;
        this.complaints = complaints;
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // the size of the file is bounded where it is read
        this.events = new Yaml(options).parse(new StringReader(text)).iterator();
    }

    YamlTree read() {
        try {
            refuseLongWords();
            return document();
        } catch (Enough e) {
            // said
        } catch (MarkedYAMLException e) {
            YamlFault fault = new YamlFault(text, e);
            complaints.add(fault.line(), fault.words());
        } catch (ReaderException e) {
            complaints.add(
                    lineAt(Math.clamp(e.getPosition(), 0, text.length())),
                    "not YAML: the character " + String.format("U+%04X", e.getCodePoint()) + " is not allowed");
        } catch (YAMLException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            complaints.add(1, "not YAML: " + reason);
        }
        return YamlTree.mapping(1, Map.of());
    }

    /** Looks for the end of a word where the longest would have none any more: at a character here and there. */
    private void refuseLongWords() {
        int begin = 0;
        while (text.length() - begin > LONGEST_WORD) {
            int end = begin + LONGEST_WORD;
            while (end >= begin && BETWEEN_WORDS.indexOf(text.charAt(end)) < 0) {
                end--;
            }
            if (end < begin) {
                complaints.add(
                        lineAt(begin),
                        "a word that is longer than " + LONGEST_WORD + " characters (expected: no more)");
                throw new Enough();
            }
            begin = end + 1;
        }
    }

    private int lineAt(int position) {
        return 1
                + Math.toIntExact(text.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count());
    }

    private YamlTree document() {
        events.next(); // the start of the stream
        if (!(events.next() instanceof DocumentStartEvent)) {
            return YamlTree.mapping(1, Map.of());
        }
        Event root = events.next();
        YamlTree tree = node(root, line(root), 0);
        events.next(); // the end of the document
        if (events.next() instanceof DocumentStartEvent second) {
            complaints.add(line(second), "a second document (expected: one)");
        }
        boolean empty = tree.kind() == YamlTree.Kind.SCALAR && tree.text().isEmpty();
        return empty ? YamlTree.mapping(1, Map.of()) : tree;
    }

    /** @param line of the key before it, or its own */
    private YamlTree node(Event event, int line, int depth) {
        if (event instanceof AliasEvent alias) {
            return alias(alias, line);
        }
        complainOfTag(event);
        @Nullable String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, new Anchor(null, 0));
        }
        YamlTree tree = tree(event, line, depth);
        if (anchor != null) {
            anchors.put(anchor, new Anchor(tree, size(tree)));
        }
        return tree;
    }

    private YamlTree tree(Event event, int line, int depth) {
        if (event instanceof ScalarEvent scalar) {
            boolean none = scalar.isPlain() && NULLS.contains(scalar.getValue());
            return YamlTree.scalar(line, none ? "" : scalar.getValue());
        }
        if (depth > DEEPEST) {
            complaints.add(line, "nested deeper than " + DEEPEST + " levels (expected: no more than settings have)");
            throw new Enough(); // the scanner would need the square of the time for a million levels
        }
        return event instanceof SequenceStartEvent
                ? YamlTree.list(line, items(depth))
                : YamlTree.mapping(line, members(depth));
    }

    private YamlTree alias(AliasEvent alias, int line) {
        Anchor anchor = anchors.getOrDefault(alias.getAnchor(), new Anchor(null, 0));
        byAnchors += anchor.size();
        if (byAnchors > MOST_BY_ANCHORS) {
            throw new YAMLException("anchors that stand for more than " + MOST_BY_ANCHORS + " values");
        }
        if (anchor.tree() == null) {
            complaints.add(
                    line,
                    "*" + alias.getAnchor()
                            + " within itself: nested deeper than any level (expected: no such anchor)");
            return YamlTree.scalar(line, "");
        }
        return anchor.tree().at(line);
    }

    private List<YamlTree> items(int depth) {
        List<YamlTree> items = new ArrayList<>();
        for (Event item = events.next(); !item.is(Event.ID.SequenceEnd); item = events.next()) {
            items.add(node(item, line(item), depth + 1));
        }
        return items;
    }

    private Map<String, YamlTree> members(int depth) {
        Map<String, YamlTree> members = new LinkedHashMap<>(FEW);
        List<YamlTree> merged = new ArrayList<>();
        for (Event key = events.next(); !key.is(Event.ID.MappingEnd); key = events.next()) {
            int line = line(key);
            if (!(key instanceof ScalarEvent scalar)) {
                complaints.add(line, "a mapping, list or anchor as a key (expected: a name)");
                node(key, line, depth + 1);
                node(events.next(), line, depth + 1);
                continue;
            }
            YamlTree value = node(events.next(), line, depth + 1);
            if (scalar.isPlain() && scalar.getValue().equals("<<")) {
                merged.addAll(value.kind() == YamlTree.Kind.LIST ? value.items() : List.of(value));
            } else {
                String name = scalar.isPlain() && scalar.getValue().equals("~") ? "" : scalar.getValue();
                add(members, names.computeIfAbsent(name, first -> first), value);
            }
        }
        merged.forEach(each -> merge(members, each));
        return members;
    }

    private void add(Map<String, YamlTree> members, String key, YamlTree value) {
        YamlTree first = members.putIfAbsent(key, value);
        if (first != null) {
            complaints.add(value.line(), key + ": given again (expected: once; it is in line " + first.line() + ")");
        }
    }

    /** What is there by itself counts, then what is merged, the first first. */
    private void merge(Map<String, YamlTree> members, YamlTree other) {
        if (other.kind() != YamlTree.Kind.MAPPING) {
            complaints.add(other.line(), "<<: " + other.kind() + " (expected: a mapping, such as *anchor)");
        }
        other.members().forEach(members::putIfAbsent);
    }

    private void complainOfTag(Event event) {
        @Nullable
        String tag =
                switch (event) {
                    case ScalarEvent scalar -> scalar.getTag();
                    case SequenceStartEvent list -> list.getTag();
                    case MappingStartEvent mapping -> mapping.getTag();
                    default -> null;
                };
        if (tag == null || tag.equals("!") || PLAIN_TAGS.contains(tag)) {
            return;
        }
        String what = tag.startsWith("!") ? "a tag is not allowed" : "Global tag is not allowed";
        complaints.add(line(event), "not YAML: " + what + ": " + tag + " (expected: plain values)");
    }

    private static int size(YamlTree tree) {
        int size = 1;
        for (YamlTree item : tree.items()) {
            size = Math.min(size + size(item), MOST_BY_ANCHORS);
        }
        for (YamlTree member : tree.members().values()) {
            size = Math.min(size + size(member), MOST_BY_ANCHORS);
        }
        return size;
    }

    private static int line(Event event) {
        return event.getStartMark().getLine() + 1;
    }
}
