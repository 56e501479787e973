// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds routes that are as precise as each other and have the same conditions: nothing but their order could tell which is meant. */
final class RouteProblems {

    private final List<? extends RouteRule<?>> rules;
    private final Map<Combination, Integer> seen = new HashMap<>();
    private final Set<List<Integer>> told = new HashSet<>();
    private final List<RouteProblem> problems = new ArrayList<>();

    private RouteProblems(List<? extends RouteRule<?>> rules) {
        this.rules = rules;
    }

    /** One choice of alternatives: what a match asks for that is one of several. */
    private record Combination(
            Optional<HostMatch> host,
            PathMatch path,
            String method,
            List<FieldMatch> headers,
            List<FieldMatch> query,
            List<FieldMatch> cookies,
            String client,
            String listener) {

        private String words() {
            List<String> words = new ArrayList<>();
            words.add(host.map(one -> "host " + one).orElse("any host"));
            words.add(path.toString());
            add(words, method);
            headers.forEach(field -> words.add(FieldKind.HEADER + " " + field));
            cookies.forEach(field -> words.add(FieldKind.COOKIE + " " + field));
            query.forEach(field -> words.add(FieldKind.QUERY + " " + field));
            add(words, client);
            add(words, listener);
            return String.join(", ", words);
        }

        private static void add(List<String> words, String word) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
    }

    static List<RouteProblem> of(List<? extends RouteRule<?>> rules) {
        RouteProblems found = new RouteProblems(rules);
        for (int i = 0; i < rules.size(); i++) {
            for (RouteMatch match : rules.get(i).matches()) {
                found.look(i, match);
            }
        }
        return found.problems;
    }

    private void look(int rule, RouteMatch match) {
        List<Optional<HostMatch>> hosts = match.hosts().isEmpty()
                ? List.of(Optional.empty())
                : match.hosts().stream().map(Optional::of).toList();
        PathMatch path = match.path().orElse(new PathMatch.Prefix(""));
        for (Optional<HostMatch> host : hosts) {
            for (String method : choices("method ", match.methods())) {
                for (String client : clients(match)) {
                    for (String listener : choices("listener ", match.listeners())) {
                        compare(
                                rule,
                                new Combination(
                                        host,
                                        path,
                                        method,
                                        match.headers(),
                                        match.query(),
                                        match.cookies(),
                                        client,
                                        listener));
                    }
                }
            }
        }
    }

    private void compare(int rule, Combination combination) {
        Integer earlier = seen.putIfAbsent(combination, rule);
        if (earlier != null && earlier != rule && told.add(List.of(earlier, rule))) {
            problems.add(new RouteProblem(
                    rule,
                    "routes " + rules.get(earlier).name() + " and "
                            + rules.get(rule).name() + " are equally precise and for the same requests: "
                            + combination.words()));
        }
    }

    private static List<String> choices(String kind, Set<String> names) {
        return names.isEmpty()
                ? List.of("")
                : names.stream().map(name -> kind + name).toList();
    }

    private static List<String> clients(RouteMatch match) {
        return match.clients().isEmpty()
                ? List.of("")
                : match.clients().stream()
                        .map(block -> "client of " + RouteWords.block(block))
                        .toList();
    }
}
