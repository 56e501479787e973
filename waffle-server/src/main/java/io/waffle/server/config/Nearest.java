// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what was probably meant. */
public final class Nearest {

    private Nearest() {}

    /** Longer than any name that is known. */
    private static final int LONGEST = 64;

    /** The known name with the fewest edits, if a third of its letters or fewer (but at least two) are wrong. */
    public static Optional<String> to(String name, Iterable<String> known) {
        if (name.length() > LONGEST) {
            return Optional.empty(); // no slip of the finger
        }
        Optional<String> nearest = Optional.empty();
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int edits = edits(name, candidate);
            if (edits < fewest && edits <= Math.max(2, candidate.length() / 3)) {
                nearest = Optional.of(candidate);
                fewest = edits;
            }
        }
        return nearest;
    }

    /** All the known names, those with the fewest edits first. */
    public static List<String> first(String name, Collection<String> known) {
        return known.stream()
                .distinct()
                .sorted(Comparator.comparingInt(candidate -> edits(name, candidate)))
                .toList();
    }

    /** Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours. */
    private static int edits(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : cheapest(a, b, d, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int cheapest(String a, String b, int[][] d, int i, int j) {
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int cheapest = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(cheapest, d[i - 2][j - 2] + 1) : cheapest;
    }
}
