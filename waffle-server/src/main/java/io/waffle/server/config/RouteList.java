// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.MatchConfig.PathConfig;
import io.waffle.server.config.MatchConfig.PathKind;
import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.RewriteConfig;
import io.waffle.server.config.RouteAction.Share;
import io.waffle.server.config.RouteAction.SplitBy;
import io.waffle.server.config.RouteAction.SplitKind;
import io.waffle.server.config.Setting.Scope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the routes: those of the command line, else those of the file, else the one by which everything goes to the only pool. */
final class RouteList {

    private final Values values;
    private final Sources sources;
    private final Collection<Problem> problems;
    private final Pages pages;
    private final AccessLists lists;
    private final RateList rates;

    /** What a route has that says nothing of its own: made once, since there may be thousands of such. */
    private final Shared top;

    /** What sections of routes have in common with the top, part by part. */
    private record Shared(
            ForwardingConfig forwarding,
            LimitsConfig limits,
            TimeoutsConfig timeouts,
            RetryConfig retry,
            Map<StatusRange, PageConfig> errors,
            AccessConfig access,
            Optional<RateConfig> rate,
            long bufferRequest) {}

    private Shared shared(SectionReader reader) {
        return new Shared(
                reader.forwarding(),
                reader.limits(),
                reader.timeouts(),
                reader.retry(),
                errors(reader),
                lists.read(reader.values),
                rates.of(reader.values),
                reader.values.get(RoutePolicySettings.BUFFER_REQUEST));
    }

    /** The same as at the top, but for what a section says. */
    private Shared shared(SectionReader reader, Sources section) {
        return new Shared(
                section.says("forwarding", "request_headers", "response_headers")
                        ? reader.forwarding()
                        : top.forwarding,
                section.says("limits") ? reader.limits() : top.limits,
                section.says("timeouts") ? reader.timeouts() : top.timeouts,
                section.says("retry") ? reader.retry() : top.retry,
                section.says("errors") ? errors(reader) : top.errors,
                section.says("access") ? lists.read(reader.values) : top.access,
                section.says("limits") ? rates.of(reader.values) : top.rate,
                section.says("buffer_request")
                        ? reader.values.get(RoutePolicySettings.BUFFER_REQUEST)
                        : top.bufferRequest);
    }

    private Map<StatusRange, PageConfig> errors(SectionReader reader) {
        return reader.sources
                .node(RoutePolicySettings.ERRORS)
                .map(pages::errors)
                .orElse(Map.of());
    }

    RouteList(Values values, Sources sources, Collection<Problem> problems, AccessLists lists) {
        this.values = values;
        this.sources = sources;
        this.problems = problems;
        this.pages = new Pages(values, problems);
        this.lists = lists;
        this.rates = new RateList(values, sources, problems);
        this.top = shared(new SectionReader(values, sources, problems));
    }

    /**
     * By name, in their order; at least one.
     *
     * @param pools their names
     * @param listeners their names
     */
    Map<String, RouteReader.Read> read(Set<String> pools, Set<String> listeners) {
        Map<String, RouteReader.Read> routes = new LinkedHashMap<>();
        List<FileNode> nodes = sources.file()
                .flatMap(file -> file.find(RouteSettings.ROUTES_LIST.path()))
                .map(FileNode::items)
                .orElse(List.of());
        for (int i = 0; i < nodes.size(); i++) {
            FileNode node = nodes.get(i);
            if (node.isMapping()) {
                String name = values.at(node, "name", RouteSettings.NAME).orElse("route-" + (i + 1));
                checkListeners(node, listeners);
                add(routes, name, section(name, node, pools), node.origin());
            }
        }
        Map<String, RouteReader.Read> typed = typed(pools);
        if (!typed.isEmpty()) {
            return typed;
        }
        if (routes.isEmpty()) {
            routes.put(WaffleConfig.DEFAULT, everything(pools));
        }
        return routes;
    }

    /** Pages for requests of no route. */
    Map<StatusRange, PageConfig> errors() {
        return top.errors;
    }

    private void add(Map<String, RouteReader.Read> routes, String name, RouteReader.Read route, Origin origin) {
        if (routes.putIfAbsent(name, route) != null) {
            problems.add(Problem.of(origin, name, "each name once; a route before has it"));
        }
    }

    private RouteReader.Read section(String name, FileNode node, Set<String> pools) {
        Sources section = sources.within(node, Scope.ROUTE);
        Values own = values.within(section);
        RouteReader reader = new RouteReader(own, node, problems);
        Shared shared = shared(new SectionReader(own, section, problems), section);
        RoutePolicyReader policies = new RoutePolicyReader(own, node, pages);
        Optional<StrategyOptions.Read> strategy = policies.loadBalancing(problems);
        RouteConfig config = new RouteConfig(
                name,
                reader.matches(),
                reader.allowsAmbiguousPaths(),
                reader.action(pools),
                shared.forwarding,
                shared.limits,
                shared.timeouts,
                shared.retry,
                policies.maintenance(),
                shared.errors,
                shared.access,
                shared.rate,
                shared.bufferRequest,
                policies.cors(problems),
                policies.mirror(pools, problems),
                strategy.map(StrategyOptions.Read::config));
        Origins origins = new Origins(
                        own.origins(),
                        strategy.map(StrategyOptions.Read::origins).orElse(Map.of()))
                .at(node.origin());
        return new RouteReader.Read(config, origins);
    }

    private void checkListeners(FileNode node, Set<String> listeners) {
        node.find(RouteSettings.LISTENERS.key()).ifPresent(found -> found.items().stream()
                .filter(FileNode::isScalar)
                .map(FileNode::given)
                .filter(given -> !listeners.contains(given.text()))
                .forEach(given -> problems.add(Problem.among(given.origin(), given.text(), listeners))));
    }

    /** Those of the command line, named by their place. */
    private Map<String, RouteReader.Read> typed(Set<String> pools) {
        Map<String, RouteReader.Read> routes = new LinkedHashMap<>();
        for (List<RawValue> source : sources.typed(RouteSettings.ROUTES_FLAG)) {
            for (RawValue given : source) {
                values.read(RouteSettings.ROUTES_FLAG.form(), given)
                        .flatMap(text -> typed(given, text, pools))
                        .ifPresent(match -> {
                            String name = "route-" + (routes.size() + 1);
                            String pool = given.text().substring(given.text().lastIndexOf('=') + 1);
                            routes.put(
                                    name,
                                    new RouteReader.Read(route(name, match, pool), Origins.NONE.at(given.origin())));
                        });
            }
        }
        return routes;
    }

    private Optional<MatchConfig> typed(RawValue given, String text, Set<String> pools) {
        int end = text.lastIndexOf('=');
        String pool = text.substring(end + 1);
        if (!pools.contains(pool)) {
            problems.add(Problem.among(given.origin(), pool, pools));
        }
        int slash = text.indexOf('/');
        int hostEnd = slash < 0 || slash > end ? end : slash;
        Optional<String> host = part(given, 0, hostEnd, RouteSettings.HOSTS);
        Optional<String> path = part(given, hostEnd, end, RouteSettings.PATH);
        if (host.isEmpty() && path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new MatchConfig(
                host.stream().toList(),
                path.map(prefix -> new PathConfig(PathKind.PREFIX, prefix)),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of()));
    }

    private Optional<String> part(RawValue given, int from, int to, Setting<String> setting) {
        if (from == to) {
            return Optional.empty();
        }
        return values.read(
                setting.form(), new RawValue(given.text().substring(from, to), given.origin(), given.folder()));
    }

    private RouteConfig route(String name, MatchConfig match, String pool) {
        return new RouteConfig(
                name,
                List.of(match),
                false,
                new Forward(List.of(new Share(pool, 1)), new SplitBy(SplitKind.TURN, ""), RewriteConfig.NONE),
                top.forwarding,
                top.limits,
                top.timeouts,
                top.retry,
                MaintenanceConfig.NONE,
                top.errors,
                top.access,
                top.rate,
                top.bufferRequest,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private RouteReader.Read everything(Set<String> pools) {
        String pool = WaffleConfig.DEFAULT;
        if (!pools.contains(pool) && pools.size() == 1) {
            pool = pools.iterator().next();
        } else if (!pools.contains(pool) && !pools.isEmpty()) {
            problems.add(Problem.of(
                    values.origin(RouteSettings.ROUTES_LIST),
                    "none",
                    "routes to " + String.join(", ", pools) + ", since there is no pool default"));
        }
        return new RouteReader.Read(route(WaffleConfig.DEFAULT, MatchConfig.ANY, pool), Origins.NONE);
    }
}
