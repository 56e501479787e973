// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The lines of a YAML file, which Helidon Config does not keep: messages need them. Values come through Helidon.
 *
 * @param line of the key, or of a list's item; from 1
 * @param kind of the value
 * @param members of a mapping
 * @param items of a list
 */
record YamlTree(int line, Kind kind, Map<String, YamlTree> members, List<YamlTree> items) {

    /** What a value is. */
    enum Kind {
        SCALAR("a single value"),
        LIST("a list"),
        MAPPING("a mapping");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Something is wrong with the file as YAML. */
    @FunctionalInterface
    interface Complaints {
        void add(int line, String message);
    }

    /** More than any setting needs; an anchor that holds itself has no end. */
    private static final int DEEPEST = 10;

    /** Reads the tree. After a complaint it may lack what was complained of. */
    static YamlTree parse(String text, Complaints complaints) {
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            return root == null ? mapping(1) : new Walk(complaints).tree(root, 1, 0);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            complaints.add(line, "not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            complaints.add(
                    1,
                    "not YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return mapping(1);
    }

    private static YamlTree mapping(int line) {
        return new YamlTree(line, Kind.MAPPING, Map.of(), List.of());
    }

    /** Resolves merge keys ({@code <<: *anchor}) as the reader of the values does. */
    private static final class Walk extends SafeConstructor {

        private final Complaints complaints;

        Walk(Complaints complaints) {
            super(new LoaderOptions());
            this.complaints = complaints;
        }

        YamlTree tree(Node node, int line, int depth) {
            if (depth > DEEPEST) {
                complaints.add(line, "nested deeper than " + DEEPEST + " levels (expected: no anchor within itself)");
                return mapping(line);
            }
            return switch (node) {
                case MappingNode mapping -> new YamlTree(line, Kind.MAPPING, members(mapping, depth), List.of());
                case SequenceNode list -> {
                    List<YamlTree> items = new ArrayList<>();
                    list.getValue().forEach(item -> items.add(tree(item, lineOf(item), depth + 1)));
                    yield new YamlTree(line, Kind.LIST, Map.of(), items);
                }
                default -> new YamlTree(line, Kind.SCALAR, Map.of(), List.of());
            };
        }

        private Map<String, YamlTree> members(MappingNode mapping, int depth) {
            complainOfKeys(mapping);
            flattenMapping(mapping);
            Map<String, YamlTree> members = new LinkedHashMap<>();
            for (NodeTuple member : mapping.getValue()) {
                if (member.getKeyNode() instanceof ScalarNode key) {
                    members.put(key.getValue(), tree(member.getValueNode(), lineOf(key), depth + 1));
                }
            }
            return members;
        }

        private void complainOfKeys(MappingNode mapping) {
            Map<String, Integer> seen = new LinkedHashMap<>();
            for (NodeTuple member : mapping.getValue()) {
                int line = lineOf(member.getKeyNode());
                if (!(member.getKeyNode() instanceof ScalarNode key)) {
                    complaints.add(line, "a mapping or list as a key (expected: a name)");
                    continue;
                }
                Integer first = seen.putIfAbsent(key.getValue(), line);
                if (first != null) {
                    complaints.add(
                            line, key.getValue() + ": given again (expected: once; it is in line " + first + ")");
                }
            }
        }

        private static int lineOf(Node node) {
            return node.getStartMark().getLine() + 1;
        }
    }
}
