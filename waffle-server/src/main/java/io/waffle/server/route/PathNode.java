// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The candidates at one beginning of a path, or at one exact path, of one host, as their places in the order they win in. Where many want one field to have each
 * a text of its own, the value of the request tells which of them to look at. Immutable.
 */
final class PathNode {

    /** From how many on they are found by the value of a field. */
    static final int MANY = 8;

    private static final int[] NONE = {};

    private final int host;
    private final boolean exact;
    private final byte[] path;
    private final int place;
    private final int[] each;
    private final ValueIndex[] byValue;

    PathNode(int host, String path, boolean exact, List<Integer> places, Candidate[] candidates) {
        this.host = host;
        this.exact = exact;
        this.path = PathCheck.bytes(path);
        this.place = places.getFirst();
        List<Integer> left = new ArrayList<>(places);
        List<ValueIndex> indexes = new ArrayList<>();
        while (left.size() > MANY) {
            List<Integer> same = largestOfOneField(left, candidates);
            if (same.size() <= MANY) {
                break;
            }
            indexes.add(new ValueIndex(same, field(same.getFirst(), same, candidates), candidates));
            left.removeAll(Set.copyOf(same));
        }
        each = left.isEmpty() ? NONE : left.stream().mapToInt(Integer::intValue).toArray();
        byValue = indexes.toArray(ValueIndex[]::new);
    }

    boolean is(int number, boolean whole, byte[] of, int length) {
        return host == number && exact == whole && Arrays.equals(of, 0, length, path, 0, path.length);
    }

    int host() {
        return host;
    }

    boolean isExact() {
        return exact;
    }

    byte[] path() {
        return path;
    }

    /** One of its candidates. */
    int place() {
        return place;
    }

    /** How many candidates a request may have to be held against. */
    int checks() {
        int checks = each.length;
        for (ValueIndex index : byValue) {
            checks += index.checks();
        }
        return checks;
    }

    /** The place of the candidate that wins, or -1. Host and path are known to be as far as the node says. */
    int find(RouteQuery query, long method, Candidate[] candidates) {
        int best = Integer.MAX_VALUE;
        for (int place : each) {
            if (candidates[place].holdsHere(query, method)) {
                best = place;
                break;
            }
        }
        for (ValueIndex index : byValue) {
            best = index.find(query, method, candidates, best);
        }
        return best == Integer.MAX_VALUE ? -1 : best;
    }

    private record Field(FieldKind kind, int number) {}

    private static List<Integer> largestOfOneField(List<Integer> places, Candidate[] candidates) {
        Map<Field, List<Integer>> byField = new HashMap<>();
        for (int place : places) {
            for (FieldCheck test : candidates[place].fields()) {
                if (test.exact() != null) {
                    byField.computeIfAbsent(new Field(test.kind(), test.number()), field -> new ArrayList<>())
                            .add(place);
                }
            }
        }
        List<Integer> largest = List.of();
        for (List<Integer> same : byField.values()) {
            largest = same.size() > largest.size() ? same : largest;
        }
        return largest;
    }

    /** The field that all of them have a text for. */
    private static FieldCheck field(int first, List<Integer> places, Candidate[] candidates) {
        for (FieldCheck test : candidates[first].fields()) {
            if (test.exact() != null && places.stream().allMatch(place -> candidates[place].textOf(test) != null)) {
                return test;
            }
        }
        throw new IllegalStateException("no field in common");
    }
}
