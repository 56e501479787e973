// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.http.RequestHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names that occur in the conditions of a table, as numbers. Immutable. */
final class Dictionary {

    /** A bit is left for a method that no route names. */
    static final int MOST_METHODS = Long.SIZE - 1;

    private static final long OTHER_METHOD = 1L << MOST_METHODS;

    private final FieldNames fields;
    private final String[] methods;
    private final List<String> listeners;

    Dictionary(List<RouteMatch> matches) {
        fields = FieldNames.of(matches);
        methods = names(matches.stream().map(RouteMatch::methods).toList()).toArray(String[]::new);
        if (methods.length > MOST_METHODS) {
            throw new IllegalArgumentException(
                    "methods: " + methods.length + " (expected: at most " + MOST_METHODS + ")");
        }
        listeners = names(matches.stream().map(RouteMatch::listeners).toList());
    }

    FieldNames fields() {
        return fields;
    }

    /** A bit for each; 0 for none. */
    long methodBits(Set<String> names) {
        long bits = 0;
        for (String name : names) {
            bits |= 1L << Arrays.binarySearch(methods, name);
        }
        return bits;
    }

    /** The bit of the request's method, which is never 0. */
    long methodBit(RequestHead head) {
        for (int i = 0; i < methods.length; i++) {
            if (head.isMethod(methods[i])) {
                return 1L << i;
            }
        }
        return OTHER_METHOD;
    }

    /** The number of a listener, or -1 if no route names it. */
    int listener(String name) {
        return listeners.indexOf(name);
    }

    static List<String> names(List<Set<String>> sets) {
        Set<String> all = new TreeSet<>();
        sets.forEach(all::addAll);
        return new ArrayList<>(all);
    }
}
