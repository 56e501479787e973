// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.List;

/** A part of a regular expression as it was read. */
sealed interface RegexNode {

    /** One byte of a set. */
    record One(ByteSet of) implements RegexNode {}

    /** One after the other; nothing if there is none. */
    record All(List<RegexNode> parts) implements RegexNode {}

    /** One of them. */
    record Any(List<RegexNode> choices) implements RegexNode {}

    /**
     * The same several times.
     *
     * @param most -1 for as often as one likes
     */
    record Repeat(RegexNode part, int least, int most) implements RegexNode {}

    /** The beginning, or the end, of what is matched. */
    record Edge(boolean end) implements RegexNode {}

    /** The bytes everything that matches begins with. */
    static String literal(RegexNode node) {
        StringBuilder text = new StringBuilder();
        addLiteral(node, text);
        return text.toString();
    }

    /** Whether the node is but the text it adds. */
    private static boolean addLiteral(RegexNode node, StringBuilder text) {
        if (node instanceof One one && one.of().single() >= 0) {
            text.append((char) one.of().single());
            return true;
        }
        if (node instanceof All all) {
            for (RegexNode part : all.parts()) {
                if (!addLiteral(part, text)) {
                    return false;
                }
            }
            return true;
        }
        return node instanceof Edge edge && !edge.end() && text.isEmpty();
    }
}
