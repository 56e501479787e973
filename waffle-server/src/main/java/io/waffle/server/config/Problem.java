// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Collection;
import java.util.stream.Collectors;

/** Something wrong with what was configured, in one line: where, which value, what was expected. */
public record Problem(Origin origin, String message) {

    /** As much as a line bears. */
    private static final int LONGEST = 1000;

    /** There may be thousands of names to choose from. */
    private static final int MOST_NAMES = 20;

    /** Says {@code WHERE: VALUE (expected: EXPECTED)}. */
    public static Problem of(Origin origin, String value, String expected) {
        return new Problem(origin, shown(value) + " (expected: " + expected + ")");
    }

    /** Says {@code WHERE: unknown KIND}, and which of the known names is near. */
    public static Problem unknown(Origin origin, String kind, String name, Iterable<String> known, String otherwise) {
        String hint = Nearest.to(name, known)
                .map(near -> "did you mean " + near + "?")
                .orElse("expected: " + otherwise);
        return new Problem(origin, "unknown " + kind + " (" + hint + ")");
    }

    /** Says {@code WHERE: VALUE}, which is none of those there are, and which of them is near. */
    public static Problem among(Origin origin, String value, Collection<String> known) {
        String hint = Nearest.to(value, known)
                .map(near -> "did you mean " + near + "?")
                .orElseGet(() -> "expected: " + oneOf(known));
        return new Problem(origin, shown(value) + " (" + hint + ")");
    }

    private static String oneOf(Collection<String> known) {
        String first = known.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        int more = known.size() - MOST_NAMES;
        return "one of " + first + (more > 0 ? " and " + more + " more" : "");
    }

    @Override
    public String toString() {
        return printable(bounded(origin.toString())) + ": " + printable(message); // a key may come from anywhere, too
    }

    /** A value may come from anywhere: whatever could confuse a terminal or a log is shown as a question mark. */
    private static String shown(String value) {
        if (value.isEmpty()) {
            return "empty";
        }
        return printable(bounded(value));
    }

    private static String bounded(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
    }

    private static String printable(String value) {
        return value.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    }
}
