// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a value was given, as a message names it. A file has hundreds of thousands of such places, of which hardly one is ever named: it is put
 * into words when it is.
 *
 * <p>Threading: any thread.
 */
public final class Origin implements Comparable<Origin> {

    /** The ways in which a value comes, the strongest first. */
    public enum Source {
        FLAG,
        VARIABLE,
        FILE,
        DEFAULT
    }

    private final Source source;
    private final int order;
    private final Supplier<String> place;
    private @Nullable String words;

    /**
     * A place.
     *
     * @param source flags first, then variables, then the file: both the precedence and the order in which problems are shown
     * @param order the place among others of the same source
     * @param place {@code -listen}, {@code WAFFLE_LISTEN} or {@code waffle.yaml:3: listen}
     */
    public Origin(Source source, int order, String place) {
        this(source, order, () -> place);
    }

    private Origin(Source source, int order, Supplier<String> place) {
        this.source = source;
        this.order = order;
        this.place = place;
    }

    /** A flag, by its name without the dash. */
    public static Origin flag(int order, String name) {
        return new Origin(Source.FLAG, order, "-" + name);
    }

    static Origin variable(int order, String name) {
        return new Origin(Source.VARIABLE, order, name);
    }

    static Origin file(String file, int line, String key) {
        return file(file, line, () -> key);
    }

    static Origin file(String file, int line, Supplier<String> key) {
        return new Origin(Source.FILE, line, () -> {
            String name = key.get();
            return file + ":" + line + (name.isEmpty() ? "" : ": " + name);
        });
    }

    /** The way it came. */
    public Source source() {
        return source;
    }

    /** The same in words already: as long as it is not, it holds on to all of the file. */
    Origin settled() {
        return new Origin(source, order, toString());
    }

    @Override
    public int compareTo(Origin other) {
        int bySource = source.compareTo(other.source);
        int byPlace = bySource != 0 ? bySource : Integer.compare(order, other.order);
        return byPlace != 0 ? byPlace : toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Origin origin
                && source == origin.source
                && order == origin.order
                && toString().equals(origin.toString());
    }

    @Override
    public int hashCode() {
        return Objects.hash(source, order, toString());
    }

    @Override
    public String toString() {
        String known = words;
        if (known == null) {
            known = place.get();
            words = known; // a race makes it twice, and the same
        }
        return known;
    }
}
