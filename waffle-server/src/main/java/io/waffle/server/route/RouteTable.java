// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.RequestHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request: the most precise of those it is for, whatever their order ({@link RouteOrder}).
 *
 * <p>A path is held against the routes in its canonical form ({@link CanonicalPath}), and once more as lenient backends may read it ({@link PathReading}) where
 * that could make a difference. If it does, so that what a backend takes the request for is another route's, the request is not for anybody.
 *
 * <p>Immutable, shared by all threads; each brings its own {@link RouteQuery}. A look-up allocates nothing.
 *
 * @param <R> what routes lead to
 */
public final class RouteTable<R> {

    /** No route takes the request: 404. */
    public static final int NONE = -1;
    /** By another reading the path is another route's: 400. */
    public static final int AMBIGUOUS = -2;
    /** The number of a listener that no route names. */
    public static final int OTHER_LISTENER = -1;

    /** How many candidates a request may have to be held against, those apart that are found by the value of a field. */
    public static final int MOST_CHECKS = 128;

    private final List<RouteRule<R>> rules;
    /** Whether there is nothing to find out: one route takes every request, however its path is read. */
    private final boolean single;

    /** What look-ups go by. Where there is nothing to find out it is made for who asks for more; a race makes it twice, and the same. */
    private @Nullable Parts parts;

    /** Made of the conditions of all routes. Immutable. */
    private static final class Parts {

        private final Dictionary words;
        private final Candidate[] candidates;
        private final RouteIndex index;

        Parts(List<? extends RouteRule<?>> rules) {
            this.words = new Dictionary(
                    rules.stream().flatMap(rule -> rule.matches().stream()).toList());
            this.candidates = candidates(rules, words);
            this.index = new RouteIndex(candidates);
        }
    }

    private RouteTable(List<RouteRule<R>> rules, boolean single, @Nullable Parts parts) {
        this.rules = List.copyOf(rules);
        this.single = single;
        this.parts = parts;
    }

    private Parts parts() {
        Parts known = parts;
        if (known == null) {
            known = new Parts(rules);
            parts = known;
        }
        return known;
    }

    /** Makes a table. Routes that {@link #problems} objects to are taken as well; of equal ones the first by name wins. */
    public static <R> RouteTable<R> of(List<RouteRule<R>> rules) {
        boolean single = rules.size() == 1 && rules.getFirst().matches().contains(RouteMatch.ANY);
        return new RouteTable<>(rules, single, single ? null : new Parts(rules));
    }

    /** A table of the same conditions, which are not worked out again, leading elsewhere. */
    public <T> RouteTable<T> leadingTo(Function<R, T> targets) {
        return new RouteTable<>(
                rules.stream()
                        .map(rule -> new RouteRule<>(
                                rule.name(), rule.matches(), rule.allowsAmbiguousPaths(), targets.apply(rule.target())))
                        .toList(),
                single,
                parts);
    }

    /**
     * The index of the route that takes the request, in the order the rules were given in, or {@link #NONE} or {@link #AMBIGUOUS}.
     *
     * @param head a request head that has been parsed
     * @param client whoever is taken for the client
     * @param listener the {@link #listener} it came in by
     */
    public int find(RequestHead head, ClientAddress client, int listener, RouteQuery query) {
        if (single) {
            return 0;
        }
        query.begin(head, client, listener, parts().words.fields());
        long method = parts().words.methodBit(head);
        int best = best(query, method);
        if (best < 0
                || query.hasOneReading()
                || rules.get(parts().candidates[best].rule()).allowsAmbiguousPaths()) {
            return best < 0 ? NONE : parts().candidates[best].rule();
        }
        int rule = parts().candidates[best].rule();
        boolean ambiguous = leadsElsewhere(query, method, rule);
        query.readCanonical();
        return ambiguous ? AMBIGUOUS : rule;
    }

    /** All routes, in the order they were given in. */
    public List<RouteRule<R>> rules() {
        return rules;
    }

    /** What a route leads to. */
    public R target(int index) {
        return rules.get(index).target();
    }

    /** The route itself. */
    public RouteRule<R> rule(int index) {
        return rules.get(index);
    }

    /** How many routes there are. */
    public int size() {
        return rules.size();
    }

    /** Whether there is nothing to find out: the first takes every request, and {@link #find} needs no query to say so. */
    public boolean isForAll() {
        return single;
    }

    /** The number by which this table knows a listener; to be asked once, not for each request. */
    public int listener(String name) {
        return single ? OTHER_LISTENER : parts().words.listener(name);
    }

    /** What is wrong: equal routes, more methods than can be told apart, and more checks than a request may cost. Nothing of it stops look-ups. */
    public List<RouteProblem> problems() {
        if (rules.size() == 1 && rules.getFirst().matches().equals(List.of(RouteMatch.ANY))) {
            return List.of(); // as each start without routes has it: nothing need be loaded to see that
        }
        List<RouteProblem> problems = new ArrayList<>(RouteProblems.of(rules));
        if (parts().words.methods() > Dictionary.MOST_METHODS) {
            problems.add(new RouteProblem(
                    rules.size() - 1,
                    parts().words.methods() + " different methods in all routes (expected: at most "
                            + Dictionary.MOST_METHODS + ")"));
        }
        RouteIndex.Load worst = parts().index.worst();
        if (worst.checks() > MOST_CHECKS) {
            Candidate one = parts().candidates[worst.place()];
            problems.add(new RouteProblem(
                    one.rule(),
                    "a request may have to be held against " + worst.checks() + " routes, " + one.name()
                            + " among them (expected: at most " + MOST_CHECKS + "): " + RouteWords.conditions(one)));
        }
        return problems;
    }

    /** What is likely to be wrong: routes that never win, and by whom. */
    public List<RouteProblem> warnings() {
        return RouteWarnings.of(parts().candidates);
    }

    /**
     * One way to a route.
     *
     * @param rule the index of the route
     * @param conditions all of them, in words
     */
    public record Line(int rule, String name, String conditions) {}

    /** All ways to routes, in the order in which they win. */
    public List<Line> inOrder() {
        return Arrays.stream(parts().candidates)
                .map(candidate -> new Line(candidate.rule(), candidate.name(), RouteWords.conditions(candidate)))
                .toList();
    }

    /** Why a request takes the route it takes. Allocates. */
    public RouteExplanation explain(RouteQuestion question) throws HeadException {
        RouteQuery query = new RouteQuery();
        RequestHead head = question.head();
        query.begin(
                head,
                question.client(),
                listener(question.listener()),
                parts().words.fields());
        long method = parts().words.methodBit(head);
        String path = RouteExplainer.text(query.path(), query.pathLength());
        int best = best(query, method);
        int rule = best < 0 ? NONE : parts().candidates[best].rule();
        List<RouteExplanation.Loser> losers = new RouteExplainer(query, method).losers(parts().candidates, rule);
        Optional<RouteExplanation.Winner> winner = best < 0
                ? Optional.empty()
                : Optional.of(new RouteExplanation.Winner(
                        parts().candidates[best].name(), RouteWords.rank(parts().candidates[best])));
        if (best < 0 || single || query.hasOneReading() || rules.get(rule).allowsAmbiguousPaths()) {
            return new RouteExplanation(path, rule, winner, Optional.empty(), losers);
        }
        if (!leadsElsewhere(query, method, rule)) {
            return new RouteExplanation(path, rule, winner, Optional.empty(), losers);
        }
        return new RouteExplanation(path, AMBIGUOUS, winner, Optional.of(otherwise(query, method, rule)), losers);
    }

    private String otherwise(RouteQuery query, long method, int rule) {
        int best = best(query, method);
        if (best >= 0 && parts().candidates[best].rule() == rule) {
            return "a path that climbs and has other marks can be read in too many ways";
        }
        String route =
                best < 0 ? "no route" : "route " + parts().candidates[best].name();
        return RouteExplainer.text(query.path(), query.pathLength()) + " leads to " + route;
    }

    /**
     * Whether a reading of the path is another route's. A path that climbs is read in all ways, since each counts other segments that {@code ..} takes away; if
     * there is more than one way on top of that, it is nothing that any client sends in good faith, and there is no need to know.
     */
    private boolean leadsElsewhere(RouteQuery query, long method, int rule) {
        if (isElsewhere(query, method, rule, PathReading.ALL | PathReading.MERGED)) {
            return true;
        }
        if (!query.reading().climbs()) {
            return false;
        }
        int ways = query.reading().found();
        return Integer.bitCount(ways) > 1
                || isElsewhere(query, method, rule, PathReading.ALL)
                || isElsewhere(query, method, rule, PathReading.ALL & ~ways)
                || isElsewhere(query, method, rule, (PathReading.ALL & ~ways) | PathReading.MERGED);
    }

    private boolean isElsewhere(RouteQuery query, long method, int rule, int ways) {
        if (!query.read(ways)) {
            return false;
        }
        int best = best(query, method);
        return best < 0 || parts().candidates[best].rule() != rule;
    }

    private int best(RouteQuery query, long method) {
        return parts().index.find(query, method);
    }

    private static Candidate[] candidates(List<? extends RouteRule<?>> rules, Dictionary words) {
        List<Candidate> all = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            for (RouteMatch match : rules.get(i).matches()) {
                if (match.hosts().isEmpty()) {
                    all.add(new Candidate(i, rules.get(i).name(), match, Optional.empty(), words));
                }
                for (HostMatch host : match.hosts()) {
                    all.add(new Candidate(i, rules.get(i).name(), match, Optional.of(host), words));
                }
            }
        }
        all.sort(RouteOrder.BY_PRECISION);
        return all.toArray(Candidate[]::new);
    }
}
