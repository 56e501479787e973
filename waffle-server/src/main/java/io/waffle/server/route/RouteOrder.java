// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.Cidr;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of two routes that a request is for takes it: the more precise, whatever their order in the configuration. That is the precedence of the Gateway
 * API's HTTPRoute, as far as it says one. Host before path before method before headers and cookies before query parameters; then, of ours, client
 * before listener, and values of one text before those of many. What is as precise in all of that goes by the name.
 */
final class RouteOrder {

    private static final int EXACT = 0;
    private static final int PATTERN = 1;
    private static final int REGEX = 2;
    private static final int PREFIX = 3;

    /** The one that wins comes first. Two that are never for one request may come in any order, but always in the same. */
    static final Comparator<Candidate> BY_PRECISION = Comparator.comparing(Candidate::rank);

    private RouteOrder() {}

    /** Worked out once for each: many are compared. */
    static Rank rank(int rule, String name, Optional<HostMatch> host, PathMatch path, RouteMatch match) {
        return new Rank(
                host.map(one -> one.wildcard() ? 1 : 0).orElse(2),
                host.map(HostMatch::name).orElse(""),
                literal(path),
                pathKind(path),
                segments(path),
                rest(rule, name, match));
    }

    /** The lower comes first. */
    record Rank(int hostKind, String host, int literal, int pathKind, List<String> segments, Rest rest)
            implements Comparable<Rank> {

        private static final Comparator<Rank> ORDER = Comparator.comparingInt(Rank::hostKind)
                .thenComparingInt(rank -> -rank.host().length())
                .thenComparing(Rank::host)
                .thenComparingInt(rank -> -rank.literal())
                .thenComparingInt(Rank::pathKind)
                .thenComparing(Rank::segments, RouteOrder::bySegments)
                .thenComparing(Rank::rest);

        @Override
        public int compareTo(Rank other) {
            return ORDER.compare(this, other);
        }
    }

    /** What comes after host and path. */
    private static Rest rest(int rule, String name, RouteMatch match) {
        return new Rest(
                match.methods().isEmpty() ? 0 : 1,
                match.headers().size() + match.cookies().size(),
                match.query().size(),
                match.clients().isEmpty() ? 0 : 1,
                match.listeners().isEmpty() ? 0 : 1,
                count(match, ValueMatch.Exact.class),
                count(match, ValueMatch.Regex.class),
                match.clients().stream().mapToInt(Cidr::prefix).min().orElse(-1),
                name,
                rule);
    }

    /** The greater comes first, but for the name. */
    record Rest(
            int method,
            int headers,
            int query,
            int client,
            int listener,
            int texts,
            int regexes,
            int block,
            String name,
            int rule)
            implements Comparable<Rest> {

        private static final Comparator<Rest> ORDER = Comparator.comparingInt(Rest::method)
                .thenComparingInt(Rest::headers)
                .thenComparingInt(Rest::query)
                .thenComparingInt(Rest::client)
                .thenComparingInt(Rest::listener)
                .thenComparingInt(Rest::texts)
                .thenComparingInt(Rest::regexes)
                .thenComparingInt(Rest::block)
                .reversed()
                .thenComparing(Rest::name)
                .thenComparingInt(Rest::rule);

        @Override
        public int compareTo(Rest other) {
            return ORDER.compare(this, other);
        }
    }

    private static int count(RouteMatch match, Class<? extends ValueMatch> kind) {
        return count(match.headers(), kind) + count(match.cookies(), kind) + count(match.query(), kind);
    }

    private static int count(List<FieldMatch> fields, Class<? extends ValueMatch> kind) {
        int count = 0;
        for (FieldMatch field : fields) {
            count += kind.isInstance(field.value()) ? 1 : 0;
        }
        return count;
    }

    private static int pathKind(PathMatch path) {
        if (path instanceof PathMatch.Exact) {
            return EXACT;
        }
        if (path instanceof PathMatch.Pattern) {
            return PATTERN;
        }
        return path instanceof PathMatch.Regex ? REGEX : PREFIX;
    }

    /** How many bytes of a path are given literally, from its beginning; all there can be if the whole is. */
    private static int literal(PathMatch path) {
        if (path instanceof PathMatch.Prefix prefix) {
            return prefix.path().length();
        }
        if (path instanceof PathMatch.Pattern pattern) {
            return pattern.literal().length();
        }
        return path instanceof PathMatch.Regex regex ? regex.regex().literal().length() : Integer.MAX_VALUE;
    }

    /** What is left to compare of two paths of a kind. Regular expressions are as precise as each other: which of them takes more cannot be seen. */
    private static List<String> segments(PathMatch path) {
        if (path instanceof PathMatch.Pattern pattern) {
            return pattern.segments();
        }
        if (path instanceof PathMatch.Prefix prefix) {
            return List.of(prefix.path());
        }
        return path instanceof PathMatch.Exact exact ? List.of(exact.path()) : List.of();
    }

    /** At the first difference a text comes before a star. */
    private static int bySegments(List<String> one, List<String> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            String a = one.get(i);
            String b = other.get(i);
            if (!a.equals(b)) {
                return a.equals("*") ? 1 : b.equals("*") ? -1 : a.compareTo(b);
            }
        }
        return Integer.compare(one.size(), other.size());
    }
}
