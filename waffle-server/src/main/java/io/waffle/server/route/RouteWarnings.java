// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.Cidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds routes that never win, as one that is more precise takes all of their requests. The more precise is seldom the more general, too; it is where a regular expression
 * takes all of a prefix, where all clients are given as blocks, and where values are taken by expressions. What several routes take together
 * is not seen, nor, of very many for one path, what is not near.
 */
final class RouteWarnings {

    /** How many of those before it a candidate is held against, so that very many stay affordable. */
    private static final int MOST_LOOKED_AT = 64;

    private final Candidate[] candidates;
    private final Map<Optional<HostMatch>, List<Candidate>> regexes = new HashMap<>();
    private final Map<Place, List<Candidate>> samePath = new HashMap<>();

    private RouteWarnings(Candidate[] candidates) {
        this.candidates = candidates;
    }

    private record Place(Optional<HostMatch> host, PathMatch path) {}

    /** @param candidates in the order in which they win */
    static List<RouteProblem> of(Candidate[] candidates) {
        return new RouteWarnings(candidates).find();
    }

    private List<RouteProblem> find() {
        Map<Integer, String> whyNot = new LinkedHashMap<>();
        Set<Integer> wins = new HashSet<>();
        for (Candidate candidate : candidates) {
            Optional<String> why = whyNot(candidate);
            why.ifPresentOrElse(
                    reason -> whyNot.putIfAbsent(candidate.rule(), "route " + candidate.name() + " " + reason),
                    () -> wins.add(candidate.rule()));
            note(candidate);
        }
        List<RouteProblem> warnings = new ArrayList<>();
        whyNot.forEach((rule, message) -> {
            if (!wins.contains(rule)) {
                warnings.add(new RouteProblem(rule, message));
            }
        });
        return warnings;
    }

    private void note(Candidate candidate) {
        samePath.computeIfAbsent(new Place(candidate.host(), candidate.path()), place -> new ArrayList<>())
                .add(candidate);
        if (candidate.path() instanceof PathMatch.Regex) {
            regexes.computeIfAbsent(candidate.host(), host -> new ArrayList<>()).add(candidate);
        }
    }

    private Optional<String> whyNot(Candidate candidate) {
        if (candidate.path() instanceof PathMatch.Regex regex && !RegexCover.matchesAnyPath(regex.regex())) {
            return Optional.of("never wins: no path matches " + regex.regex() + ", since each begins with a slash");
        }
        List<Candidate> before =
                new ArrayList<>(last(samePath.getOrDefault(new Place(candidate.host(), candidate.path()), List.of())));
        before.addAll(last(regexes.getOrDefault(candidate.host(), List.of())));
        return before.stream()
                .filter(other -> other.rule() != candidate.rule() && takesAll(other, candidate))
                .findFirst()
                .map(other -> "never wins: route " + other.name() + " takes all of its requests ("
                        + RouteWords.conditions(other) + ")");
    }

    private static List<Candidate> last(List<Candidate> all) {
        return all.subList(Math.max(0, all.size() - MOST_LOOKED_AT), all.size());
    }

    private static boolean takesAll(Candidate one, Candidate other) {
        RouteMatch more = one.match();
        RouteMatch less = other.match();
        return takesAll(more.methods(), less.methods())
                && takesAll(more.listeners(), less.listeners())
                && takesAllFields(more.headers(), less.headers())
                && takesAllFields(more.cookies(), less.cookies())
                && takesAllFields(more.query(), less.query())
                && takesAllClients(more.clients(), less.clients())
                && takesAllPaths(one.path(), other.path());
    }

    private static boolean takesAll(Set<String> more, Set<String> less) {
        return more.isEmpty() || (!less.isEmpty() && more.containsAll(less));
    }

    private static boolean takesAllPaths(PathMatch more, PathMatch less) {
        if (more.equals(less)) {
            return true;
        }
        Optional<ByteRegex> part = RegexCover.of(less);
        return more instanceof PathMatch.Regex regex
                && part.isPresent()
                && RegexCover.covers(regex.regex(), part.get());
    }

    private static boolean takesAllFields(List<FieldMatch> more, List<FieldMatch> less) {
        return more.stream().allMatch(wanted -> less.stream()
                .anyMatch(given -> given.name().equals(wanted.name()) && takesAll(wanted.value(), given.value())));
    }

    private static boolean takesAll(ValueMatch more, ValueMatch less) {
        if (more.equals(less) || more instanceof ValueMatch.Present) {
            return true;
        }
        if (more instanceof ValueMatch.Regex regex && less instanceof ValueMatch.Exact exact) {
            byte[] text = PathCheck.bytes(exact.text());
            return new RegexMachine().matches(regex.regex(), text, 0, text.length);
        }
        return false;
    }

    private static boolean takesAllClients(List<Cidr> more, List<Cidr> less) {
        if (more.isEmpty() || more.stream().anyMatch(block -> block.prefix() == 0)) {
            return true;
        }
        return !less.isEmpty() && less.stream().allMatch(given -> more.stream().anyMatch(block -> block.covers(given)));
    }
}
