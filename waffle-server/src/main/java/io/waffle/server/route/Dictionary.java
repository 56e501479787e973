// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names that occur in the conditions of a table, as numbers. Immutable. */
final class Dictionary {

    /** A bit is left for a method that no route names. */
    static final int MOST_METHODS = Long.SIZE - 1;

    private static final long OTHER_METHOD = 1L << MOST_METHODS;

    private final FieldNames fields;
    private final List<String> methods;
    private final byte[][] methodNames;
    private final List<String> listeners;

    Dictionary(List<RouteMatch> matches) {
        fields = FieldNames.of(matches);
        methods = names(matches.stream().map(RouteMatch::methods).toList());
        if (methods.size() > MOST_METHODS) {
            throw new IllegalArgumentException(
                    "methods: " + methods.size() + " (expected: at most " + MOST_METHODS + ")");
        }
        methodNames = methods.stream().map(PathTest::bytes).toArray(byte[][]::new);
        listeners = names(matches.stream().map(RouteMatch::listeners).toList());
    }

    FieldNames fields() {
        return fields;
    }

    /** A bit for each; 0 for none. */
    long methodBits(Set<String> names) {
        long bits = 0;
        for (String name : names) {
            bits |= 1L << methods.indexOf(name);
        }
        return bits;
    }

    /** The bit of the request's method, which is never 0. */
    long methodBit(RouteQuery query) {
        for (int i = 0; i < methodNames.length; i++) {
            if (query.isMethod(methodNames[i])) {
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
