// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.List;
import java.util.Map;

/**
 * What a YAML file says, and in which line: read by {@link YamlReader} in one pass.
 *
 * @param line of the key, or of a list's item; from 1
 * @param kind of the value
 * @param text of a single value, as it is written; empty for one that is left out, and for what is none
 * @param members of a mapping, in their order
 * @param items of a list
 */
record YamlTree(int line, Kind kind, String text, Map<String, YamlTree> members, List<YamlTree> items) {

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

    /** Reads the tree. After a complaint it may lack what was complained of. */
    static YamlTree parse(String text, Complaints complaints) {
        return new YamlReader(text, complaints).read();
    }

    static YamlTree scalar(int line, String text) {
        return new YamlTree(line, Kind.SCALAR, text, Map.of(), List.of());
    }

    static YamlTree list(int line, List<YamlTree> items) {
        return new YamlTree(line, Kind.LIST, "", Map.of(), items);
    }

    static YamlTree mapping(int line, Map<String, YamlTree> members) {
        return new YamlTree(line, Kind.MAPPING, "", members, List.of());
    }

    /** The same in another line: what an anchor stands for is where it is used. */
    YamlTree at(int other) {
        return new YamlTree(other, kind, text, members, items);
    }
}
