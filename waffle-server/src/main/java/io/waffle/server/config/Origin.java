// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Comparator;

/**
 * Where a value was given, as a message names it.
 *
 * @param door flags first, then variables, then the file: both the precedence and the order in which problems are shown
 * @param order the place among others of the same door
 * @param place {@code -listen}, {@code WAFFLE_LISTEN} or {@code waffle.yaml:3: listen}
 */
public record Origin(Door door, int order, String place) implements Comparable<Origin> {

    /** The ways in which a value comes, the strongest first. */
    public enum Door {
        FLAG,
        VARIABLE,
        FILE,
        DEFAULT
    }

    /** A flag, by its name without the dash. */
    public static Origin flag(int order, String name) {
        return new Origin(Door.FLAG, order, "-" + name);
    }

    static Origin variable(int order, String name) {
        return new Origin(Door.VARIABLE, order, name);
    }

    static Origin file(String file, int line, String key) {
        return new Origin(Door.FILE, line, file + ":" + line + (key.isEmpty() ? "" : ": " + key));
    }

    @Override
    public int compareTo(Origin other) {
        return Comparator.comparing(Origin::door)
                .thenComparing(Origin::order)
                .thenComparing(Origin::place)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return place;
    }
}
