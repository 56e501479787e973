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
    private final int allMethods;
    private final List<String> listeners;

    Dictionary(List<RouteMatch> matches) {
        fields = FieldNames.of(matches);
        List<String> named = names(matches.stream().map(RouteMatch::methods).toList());
        allMethods = named.size();
        methods = named.stream().limit(MOST_METHODS).toArray(String[]::new);
        listeners = names(matches.stream().map(RouteMatch::listeners).toList());
    }

    FieldNames fields() {
        return fields;
    }

    /** How many methods routes name. Those beyond {@link #MOST_METHODS} are not told apart from methods that none names. */
    int methods() {
        return allMethods;
    }

    /** A bit for each; 0 for none. */
    long methodBits(Set<String> names) {
        long bits = 0;
        for (String name : names) {
            int found = Arrays.binarySearch(methods, name);
            bits |= found < 0 ? OTHER_METHOD : 1L << found;
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
