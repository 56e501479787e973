// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.MatchConfig.PathConfig;
import io.waffle.server.config.MatchConfig.PathKind;
import io.waffle.server.config.MatchConfig.ValueConfig;
import io.waffle.server.config.MatchConfig.ValueKind;
import io.waffle.server.config.RouteAction.Redirect;
import io.waffle.server.config.RouteAction.Respond;
import io.waffle.server.config.RouteAction.RewriteConfig;
import io.waffle.server.config.RouteAction.Share;
import io.waffle.server.config.RouteAction.SplitBy;
import io.waffle.server.config.RouteAction.SplitKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a route from its section: its conditions, and what it does. */
final class RouteReader {

    private static final List<String> ACTIONS = List.of("to", "respond", "redirect");

    private static final SplitBy BY_TURN = new SplitBy(SplitKind.TURN, "");

    private final Values values;
    private final FileNode node;
    private final Collection<Problem> problems;

    private final List<MatchConfig> matches;

    RouteReader(Values values, FileNode node, Collection<Problem> problems) {
        this.values = values;
        this.node = node;
        this.problems = problems;
        this.matches = readMatches();
    }

    /** A route, and where its values come from. */
    record Read(RouteConfig config, Origins origins) {}

    boolean allowsAmbiguousPaths() {
        return values.at(node, "ambiguous_paths", RouteSettings.AMBIGUOUS)
                .filter(RouteSettings.AmbiguousPaths.ALLOW::equals)
                .isPresent();
    }

    /** The alternatives. */
    List<MatchConfig> matches() {
        return matches;
    }

    private List<MatchConfig> readMatches() {
        Optional<FileNode> several = node.find("match");
        if (several.isEmpty()) {
            return List.of(match(node));
        }
        RouteSettings.conditions().stream()
                .filter(setting -> !setting.path().contains("path."))
                .flatMap(setting -> node.find(setting.key()).stream())
                .forEach(beside -> problems.add(Problem.of(
                        beside.origin(),
                        "beside match",
                        "conditions either in the route or in its match, not in both")));
        return several.get().items().stream().map(this::match).toList();
    }

    private MatchConfig match(FileNode at) {
        return new MatchConfig(
                values.items(at, RouteSettings.HOSTS),
                path(at),
                values.items(at, RouteSettings.METHOD),
                words(at, RouteSettings.HEADERS),
                words(at, RouteSettings.QUERY),
                words(at, RouteSettings.COOKIES),
                values.items(at, RouteSettings.CLIENTS),
                values.items(at, RouteSettings.LISTENERS));
    }

    private Optional<PathConfig> path(FileNode at) {
        Optional<FileNode> found = at.find("path");
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (!found.get().isMapping()) {
            return values.at(at, "path", RouteSettings.PATH).map(text -> new PathConfig(PathKind.PREFIX, text));
        }
        List<PathConfig> given = new ArrayList<>();
        path(found.get(), "exact", RouteSettings.PATH_EXACT, PathKind.EXACT).ifPresent(given::add);
        path(found.get(), "pattern", RouteSettings.PATH_PATTERN, PathKind.PATTERN)
                .ifPresent(given::add);
        path(found.get(), "regex", RouteSettings.PATH_REGEX, PathKind.REGEX).ifPresent(given::add);
        if (given.size() > 1) {
            problems.add(Problem.of(found.get().origin(), given.size() + " of them", "one of exact, pattern, regex"));
        }
        return given.stream().findFirst();
    }

    private Optional<PathConfig> path(FileNode at, String key, Setting<String> setting, PathKind kind) {
        return values.at(at, key, setting).map(text -> new PathConfig(kind, text));
    }

    private Map<String, ValueConfig> words(FileNode at, Setting<String> setting) {
        Map<String, ValueConfig> words = new LinkedHashMap<>();
        at.find(setting.key())
                .ifPresent(found -> found.words().forEach((name, given) -> values.read(setting.form(), given)
                        .ifPresent(text -> words.put(name, value(text)))));
        return words;
    }

    private static ValueConfig value(String text) {
        if (text.equals("*")) {
            return new ValueConfig(ValueKind.PRESENT, "");
        }
        return text.startsWith("~")
                ? new ValueConfig(ValueKind.REGEX, text.substring(1))
                : new ValueConfig(ValueKind.EXACT, text);
    }

    /** What it does; with the pools there are, among which it leads to. */
    RouteAction action(Collection<String> pools) {
        List<String> given =
                ACTIONS.stream().filter(key -> node.find(key).isPresent()).toList();
        if (given.size() > 1) {
            problems.add(Problem.of(node.origin(), String.join(" and ", given), "one of to, respond, redirect"));
        }
        if (node.find("respond").isPresent()) {
            return respond(node.find("respond").get());
        }
        if (node.find("redirect").isPresent()) {
            return redirect(node.find("redirect").get());
        }
        return new RouteAction.Forward(shares(pools), splitBy(), rewrite());
    }

    private SplitBy splitBy() {
        return values.at(node, "split_by", RouteSettings.SPLIT_BY).orElse(BY_TURN);
    }

    private List<Share> shares(Collection<String> pools) {
        Optional<FileNode> to = node.find("to");
        if (to.isEmpty()) {
            if (!pools.contains(WaffleConfig.DEFAULT)) {
                problems.add(Problem.of(
                        node.origin(), "no to", "one of to, respond, redirect, since there is no pool default"));
            }
            return List.of(new Share(WaffleConfig.DEFAULT, 1));
        }
        if (to.get().isScalar()) {
            RawValue only = to.get().given();
            checkPool(only, only.text(), pools);
            return List.of(new Share(only.text(), 1));
        }
        List<Share> shares = new ArrayList<>();
        to.get().words().forEach((pool, given) -> {
            checkPool(given, pool, pools);
            values.read(RouteSettings.TO.form(), given).ifPresent(weight -> shares.add(new Share(pool, weight)));
        });
        return shares;
    }

    private void checkPool(RawValue given, String pool, Collection<String> pools) {
        if (!pools.contains(pool)) {
            problems.add(Problem.among(given.origin(), pool, pools));
        }
    }

    private RewriteConfig rewrite() {
        Optional<FileNode> at = node.find("rewrite");
        if (at.isEmpty()) {
            return RewriteConfig.NONE;
        }
        Optional<String> prefix = values.at(at.get(), "prefix", RouteSettings.REWRITE_PREFIX);
        Optional<String> path = values.at(at.get(), "path", RouteSettings.REWRITE_PATH);
        refuseBoth(at.get(), prefix, path);
        if (prefix.isPresent()) {
            requirePrefix(at.get(), "rewrite.prefix");
        }
        return new RewriteConfig(prefix, path, values.at(at.get(), "host", RouteSettings.REWRITE_HOST));
    }

    private void refuseBoth(FileNode at, Optional<String> prefix, Optional<String> path) {
        if (prefix.isPresent() && path.isPresent()) {
            problems.add(Problem.of(at.origin(), "prefix and path", "one of them"));
        }
    }

    /** There must be a prefix to be replaced. */
    private void requirePrefix(FileNode at, String what) {
        List<PathConfig> prefixes = matches.stream()
                .flatMap(match -> match.path().stream())
                .filter(path -> path.kind() == PathKind.PREFIX)
                .toList();
        long lengths = prefixes.stream().map(RouteReader::segments).distinct().count();
        if (prefixes.size() < matches.size()) {
            problems.add(Problem.of(at.origin(), what, "a path that is a prefix, in each alternative of the route"));
        } else if (lengths > 1) {
            problems.add(Problem.of(
                    at.origin(), what, "prefixes of as many segments in each alternative; or a route for each"));
        }
    }

    private static long segments(PathConfig path) {
        return List.of(path.text().split("/")).stream()
                .filter(segment -> !segment.isEmpty())
                .count();
    }

    private Respond respond(FileNode at) {
        return new Respond(
                values.at(at, "status", RouteSettings.RESPOND_STATUS).orElse(200),
                values.at(at, "content_type", RouteSettings.RESPOND_TYPE).orElse(RouteSettings.RESPOND_TYPE.fallback()),
                values.at(at, "body", RouteSettings.RESPOND_BODY).orElse(""));
    }

    private Redirect redirect(FileNode at) {
        Optional<String> prefix = values.at(at, "prefix", RouteSettings.REDIRECT_PREFIX);
        Optional<String> path = values.at(at, "path", RouteSettings.REDIRECT_PATH);
        refuseBoth(at, prefix, path);
        if (prefix.isPresent()) {
            requirePrefix(at, "redirect.prefix");
        }
        return new Redirect(
                values.at(at, "status", RouteSettings.REDIRECT_STATUS).orElse(302),
                values.at(at, "scheme", RouteSettings.REDIRECT_SCHEME),
                values.at(at, "host", RouteSettings.REDIRECT_HOST),
                values.at(at, "port", RouteSettings.REDIRECT_PORT),
                prefix,
                path);
    }
}
