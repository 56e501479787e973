// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.Configuration;
import io.waffle.server.config.InvalidValue;
import io.waffle.server.config.MatchConfig;
import io.waffle.server.config.MatchConfig.PathConfig;
import io.waffle.server.config.MatchConfig.ValueConfig;
import io.waffle.server.config.Origin;
import io.waffle.server.config.Origins;
import io.waffle.server.config.Problem;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.RouteSettings;
import io.waffle.server.config.Setting;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.route.FieldMatch;
import io.waffle.server.route.HostMatch;
import io.waffle.server.route.PathMatch;
import io.waffle.server.route.RouteMatch;
import io.waffle.server.route.RouteProblem;
import io.waffle.server.route.RouteRule;
import io.waffle.server.route.RouteTable;
import io.waffle.server.route.ValueMatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a table of the routes that are configured, and tells what is wrong with their conditions, each and together. It is made once for all who ask.
 */
final class RouteRules {

    private final Map<String, Origins> origins;
    private final List<Problem> problems = new ArrayList<>();
    private final RouteTable<RouteConfig> table;

    private RouteRules(List<RouteConfig> routes, Map<String, Origins> origins) {
        this.origins = origins;
        this.table = RouteTable.of(routes.stream().map(this::rule).toList());
        if (problems.isEmpty()) {
            table.problems()
                    .forEach(wrong -> problems.add(
                            new Problem(place(table.rule(wrong.rule()).name()), wrong.message())));
        }
    }

    /** Of what has just been read, which may be wrong. */
    static RouteRules of(Configuration configuration) {
        return new RouteRules(configuration.config().routes(), configuration.routes());
    }

    /**
     * The table of what has been checked.
     *
     * @throws StartException if it has not, and is wrong
     */
    static RouteTable<RouteConfig> table(WaffleConfig config) throws StartException {
        RouteRules made = new RouteRules(config.routes(), Map.of());
        if (!made.problems.isEmpty()) {
            throw new StartException(made.problems.getFirst().toString());
        }
        return made.table;
    }

    /** All that is wrong with the conditions of routes. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** To look routes up in, if nothing is wrong. */
    RouteTable<RouteConfig> table() {
        return table;
    }

    /** What is odd and no error: routes that no request is ever served by. */
    List<String> warnings() {
        return table.warnings().stream().map(RouteProblem::message).toList();
    }

    /** The routes in the order in which they win, a line each. */
    List<String> inOrder() {
        return table.inOrder().stream()
                .map(line -> "route " + line.name() + ": " + line.conditions())
                .toList();
    }

    private Origin place(String route) {
        return Optional.ofNullable(origins.get(route))
                .flatMap(Origins::section)
                .orElseGet(() -> new Origin(Origin.Source.DEFAULT, 0, "routes: " + route));
    }

    private RouteRule<RouteConfig> rule(RouteConfig route) {
        List<RouteMatch> matches = route.matches().stream()
                .map(match -> match(route.name(), match))
                .toList();
        return new RouteRule<>(route.name(), matches, route.allowsAmbiguousPaths(), route);
    }

    private RouteMatch match(String route, MatchConfig match) {
        return new RouteMatch(
                each(route, RouteSettings.HOSTS, match.hosts(), HostMatch::parse),
                match.path().flatMap(path -> one(route, setting(path), path.text(), text -> path(path))),
                new LinkedHashSet<>(each(route, RouteSettings.METHOD, match.methods(), RouteMatch::method)),
                fields(route, RouteSettings.HEADERS, match.headers(), FieldMatch::header),
                fields(route, RouteSettings.QUERY, match.query(), FieldMatch::query),
                fields(route, RouteSettings.COOKIES, match.cookies(), FieldMatch::cookie),
                match.clients(),
                new LinkedHashSet<>(match.listeners()));
    }

    private static Setting<?> setting(PathConfig path) {
        return switch (path.kind()) {
            case PREFIX -> RouteSettings.PATH;
            case EXACT -> RouteSettings.PATH_EXACT;
            case PATTERN -> RouteSettings.PATH_PATTERN;
            case REGEX -> RouteSettings.PATH_REGEX;
        };
    }

    private static PathMatch path(PathConfig path) throws InvalidValue {
        return switch (path.kind()) {
            case PREFIX -> PathMatch.prefix(path.text());
            case EXACT -> PathMatch.exact(path.text());
            case PATTERN -> PathMatch.pattern(path.text());
            case REGEX -> PathMatch.regex(path.text());
        };
    }

    private static ValueMatch value(ValueConfig value) throws InvalidValue {
        return switch (value.kind()) {
            case EXACT -> ValueMatch.exact(value.text());
            case PRESENT -> ValueMatch.PRESENT;
            case REGEX -> ValueMatch.regex(value.text());
        };
    }

    /** Reads a text. */
    private interface Reading<T> {
        T read(String text) throws InvalidValue;
    }

    /** Makes a condition of a name and what its value has to be. */
    private interface Condition {
        FieldMatch of(String name, ValueMatch value) throws InvalidValue;
    }

    private <T> Optional<T> one(String route, Setting<?> setting, String text, Reading<T> reading) {
        try {
            return Optional.of(reading.read(text));
        } catch (InvalidValue e) {
            Origin origin = Optional.ofNullable(origins.get(route))
                    .filter(found -> found.settings().containsKey(setting))
                    .map(found -> found.of(setting))
                    .orElseGet(() -> place(route));
            problems.add(Problem.of(origin, text, e.expected()));
            return Optional.empty();
        }
    }

    private <T> List<T> each(String route, Setting<?> setting, List<String> texts, Reading<T> reading) {
        return texts.stream()
                .flatMap(text -> one(route, setting, text, reading).stream())
                .toList();
    }

    private List<FieldMatch> fields(
            String route, Setting<?> setting, Map<String, ValueConfig> wanted, Condition condition) {
        List<FieldMatch> fields = new ArrayList<>();
        wanted.forEach((name, value) -> one(
                        route,
                        setting,
                        setting.path().replace("routes[].", "") + "." + name + ": " + value.text(),
                        text -> condition.of(name, value(value)))
                .ifPresent(fields::add));
        return fields;
    }
}
