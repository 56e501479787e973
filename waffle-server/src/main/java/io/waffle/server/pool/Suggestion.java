// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Which of the known names somebody may have meant. */
final class Suggestion {

    private Suggestion() {}

    /** Says {@code ; did you mean NAME?} if one of the names is near enough to be meant, else nothing. */
    static String phrase(String written, Collection<String> names) {
        return nearest(written, names)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** Near is: at most a third of the letters are wrong, and two of a short name. */
    private static Optional<String> nearest(String written, Collection<String> names) {
        String lower = written.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(name -> distance(lower, name) <= Math.max(2, name.length() / 3)
                        && distance(lower, name) < name.length())
                .min(Comparator.comparingInt(name -> distance(lower, name)));
    }

    /** Levenshtein's distance, one row at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j - 1], row[j]));
            }
        }
        return row[b.length()];
    }
}
