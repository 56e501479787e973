// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.Cidr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules in the plainest words, for whole texts: keep the matches that a request is for, sort them by the order of the documentation, take the first. Shares
 * no code with the table but the conditions themselves.
 */
final class NaiveRoutes {

    private static final Map<String, Pattern> PATTERNS = new HashMap<>();

    private record Way(int rule, String name, RouteMatch match, HostMatch host) {}

    private final List<RouteRule<String>> rules;

    NaiveRoutes(List<RouteRule<String>> rules) {
        this.rules = rules;
    }

    /** @param path in canonical form */
    int find(RouteQuestion question, String path, Map<String, String> query) {
        List<Way> ways = new ArrayList<>();
        String host = host(question.host());
        for (int i = 0; i < rules.size(); i++) {
            for (RouteMatch match : rules.get(i).matches()) {
                for (HostMatch wanted : match.hosts().isEmpty() ? Arrays.asList((HostMatch) null) : match.hosts()) {
                    Way way = new Way(i, rules.get(i).name(), match, wanted);
                    if (isHost(wanted, host) && isFor(way, question, path, query)) {
                        ways.add(way);
                    }
                }
            }
        }
        return ways.stream().min(ORDER).map(Way::rule).orElse(RouteTable.NONE);
    }

    private static final Comparator<Way> ORDER = more(way -> way.host == null ? 0 : way.host.wildcard() ? 1 : 2)
            .thenComparing(more(way -> way.host == null ? 0 : way.host.name().length()))
            .thenComparing(more(way -> path(way) instanceof PathMatch.Exact ? 1 : 0))
            .thenComparing(more(NaiveRoutes::literal))
            .thenComparing(more(way -> kind(path(way))))
            .thenComparing(NaiveRoutes::stars)
            .thenComparing(more(way -> way.match.methods().isEmpty() ? 0 : 1))
            .thenComparing(
                    more(way -> way.match.headers().size() + way.match.cookies().size()))
            .thenComparing(more(way -> way.match.query().size()))
            .thenComparing(more(way -> way.match.clients().isEmpty() ? 0 : 1))
            .thenComparing(more(way -> way.match.listeners().isEmpty() ? 0 : 1))
            .thenComparing(more(way -> values(way, ValueMatch.Exact.class)))
            .thenComparing(more(way -> values(way, ValueMatch.Regex.class)))
            .thenComparing(more(way ->
                    way.match.clients().stream().mapToInt(Cidr::prefix).min().orElse(0)))
            .thenComparing(Way::name);

    private interface Measure {
        int of(Way way);
    }

    private static Comparator<Way> more(Measure measure) {
        return (one, other) -> Integer.compare(measure.of(other), measure.of(one));
    }

    private static int values(Way way, Class<?> kind) {
        return (int) Stream.of(way.match.headers(), way.match.cookies(), way.match.query())
                .flatMap(List::stream)
                .filter(field -> kind.isInstance(field.value()))
                .count();
    }

    private static PathMatch path(Way way) {
        return way.match.path().orElse(new PathMatch.Prefix(""));
    }

    private static int kind(PathMatch path) {
        return path instanceof PathMatch.Pattern ? 2 : path instanceof PathMatch.Regex ? 1 : 0;
    }

    private static int literal(Way way) {
        PathMatch path = path(way);
        if (path instanceof PathMatch.Prefix prefix) {
            return prefix.path().length();
        }
        if (path instanceof PathMatch.Exact exact) {
            return exact.path().length();
        }
        String text = path.toString().substring(path.toString().indexOf(' ') + 1);
        int end = 0;
        while (end < text.length() && "*.[(?+|{\\".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        // what may be left out or chosen is not literal
        return end < text.length() && "*?{".indexOf(text.charAt(end)) >= 0 && path instanceof PathMatch.Regex
                ? end - 1
                : end;
    }

    private static int stars(Way one, Way other) {
        if (!(path(one) instanceof PathMatch.Pattern a) || !(path(other) instanceof PathMatch.Pattern b)) {
            return 0;
        }
        for (int i = 0; i < Math.min(a.segments().size(), b.segments().size()); i++) {
            boolean star = a.segments().get(i).equals("*");
            if (star != b.segments().get(i).equals("*")) {
                return star ? 1 : -1;
            }
        }
        return 0;
    }

    private static boolean isFor(Way way, RouteQuestion question, String path, Map<String, String> query) {
        RouteMatch match = way.match;
        return isPath(path(way), path)
                && isOne(match.methods(), question.method())
                && isOne(match.listeners(), question.listener())
                && (match.clients().isEmpty()
                        || match.clients().stream().anyMatch(block -> block.contains(question.client())))
                && match.headers().stream().allMatch(field -> isValue(field, header(question, field.name())))
                && match.cookies().stream().allMatch(field -> isValue(field, cookie(question, field.name())))
                && match.query().stream().allMatch(field -> isValue(field, query.get(field.name())));
    }

    private static boolean isOne(Set<String> names, String name) {
        return names.isEmpty() || names.contains(name);
    }

    private static String host(String asked) {
        String host = asked.toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        boolean port = colon >= 0 && host.substring(colon + 1).chars().allMatch(Character::isDigit);
        String bare = port && !host.endsWith("]") ? host.substring(0, colon) : host;
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private static boolean isHost(HostMatch wanted, String host) {
        return wanted == null
                || (wanted.wildcard()
                        ? !host.startsWith(".")
                                && host.endsWith("." + wanted.name())
                                && host.length() > wanted.name().length() + 1
                        : host.equals(wanted.name()));
    }

    private static boolean isPath(PathMatch wanted, String path) {
        if (wanted instanceof PathMatch.Prefix prefix) {
            return (path + "/").startsWith(prefix.path() + "/");
        }
        if (wanted instanceof PathMatch.Exact exact) {
            return path.equals(exact.path());
        }
        if (wanted instanceof PathMatch.Pattern pattern) {
            String regex = "(/("
                    + String.join(")/(", pattern.segments()).replace(".", "\\.").replace("*", "[^/]+") + "))/?";
            return matches(regex, path);
        }
        return matches(wanted.toString().substring("regex ".length()), path);
    }

    private static boolean isValue(FieldMatch wanted, String value) {
        if (value == null) {
            return false;
        }
        if (wanted.value() instanceof ValueMatch.Exact exact) {
            return exact.text().equals(value);
        }
        return !(wanted.value() instanceof ValueMatch.Regex regex)
                || matches(regex.regex().toString(), value);
    }

    private static boolean matches(String regex, String text) {
        return PATTERNS.computeIfAbsent(regex, Pattern::compile).matcher(text).matches();
    }

    private static String header(RouteQuestion question, String name) {
        List<String> values = question.fields().stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
        return values.isEmpty() ? null : String.join(", ", values);
    }

    private static String cookie(RouteQuestion question, String name) {
        return question.fields().stream()
                .filter(field -> field.getKey().equalsIgnoreCase("cookie"))
                .flatMap(field -> Stream.of(field.getValue().split("; ")))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst()
                .orElse(null);
    }
}
