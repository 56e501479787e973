// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.api.Strategy;
import io.waffle.server.admin.Token;
import io.waffle.server.admin.TokenException;
import io.waffle.server.config.AdminSettings;
import io.waffle.server.config.BackendSettings;
import io.waffle.server.config.Configuration;
import io.waffle.server.config.ListenerConfig;
import io.waffle.server.config.MatchConfig;
import io.waffle.server.config.Origin;
import io.waffle.server.config.Origins;
import io.waffle.server.config.OwnListener;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.Problem;
import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.Share;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.RoutePolicySettings;
import io.waffle.server.config.Setting;
import io.waffle.server.config.StrategySettings;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.plugin.StrategyException;
import io.waffle.server.tls.ClientTls;
import io.waffle.server.tls.ServerTls;
import io.waffle.server.tls.TlsConfigException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is wrong with a configuration inside what it names: the strategy, its options, the files for TLS. Starting finds the same, but
 * only the first of it, and without its place.
 */
public final class DeepChecks {

    private final Configuration configuration;
    private final Plugins plugins;
    private final Optional<Set<StrategyPlace>> inUse;
    private final Map<StrategyPlace, Strategy> made = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /** Made when it is asked for first: not every start asks. */
    private @Nullable RouteRules rules;

    /** For who wants to know, and no more. */
    public DeepChecks(Configuration configuration, Plugins plugins) {
        this(configuration, plugins, Optional.empty());
    }

    /**
     * For who goes by it if all is well.
     *
     * @param inUse strategies that go on if they are wanted again, and so are not made again; empty to make none but for the check
     */
    DeepChecks(Configuration configuration, Plugins plugins, Optional<Set<StrategyPlace>> inUse) {
        this.configuration = configuration;
        this.plugins = plugins;
        this.inUse = inUse;
    }

    /** What was made for the checks: its strategies are to be used, or to be {@linkplain #discard discarded}. */
    Premade premade() {
        return new Premade(Map.copyOf(made), Optional.ofNullable(rules).map(RouteRules::table));
    }

    /** Ends strategies that are not going to be used. */
    void discard() {
        made.values().forEach(Plugins::closeUnused);
    }

    public static List<Problem> sorted(List<Problem> some, List<Problem> others) {
        return Stream.concat(some.stream(), others.stream())
                .sorted((a, b) -> a.origin().compareTo(b.origin()))
                .toList();
    }

    /** All problems; what was wrong before was replaced by a default, and so is not found again. */
    public List<Problem> run() {
        List<Problem> problems = new ArrayList<>(runForStart());
        for (PoolConfig pool : configuration.config().pools()) {
            for (ListenerConfig listener : configuration.config().listeners()) {
                OwnListener.among(pool.backends(), listener.address())
                        .ifPresent(own -> problems.add(Problem.of(
                                origin(pool, BackendSettings.BACKENDS),
                                own.name(),
                                "a backend that is not this listener")));
            }
        }
        return sorted(problems, List.of());
    }

    /** Those that keep Waffle from starting: of a backend that is the listener itself a start only warns. */
    public List<Problem> runForStart() {
        Set<Problem> problems = new LinkedHashSet<>();
        WaffleConfig config = configuration.config();
        config.pools().forEach(pool -> checkPool(pool, problems));
        config.routes().forEach(route -> checkStrategies(route, problems));
        config.listeners().forEach(listener -> checkListener(listener, problems));
        problems.addAll(rules().problems());
        if (isWell(configuration.origin(AdminSettings.TOKEN))) {
            config.admin().tokenFile().ifPresent(file -> checkToken(file, problems));
        }
        return sorted(List.copyOf(problems), List.of());
    }

    /** What is wrong with the routes alone, for who asks about these. */
    public List<Problem> routeProblems() {
        return rules().problems();
    }

    /** The routes in the order in which they win, a line each; none if there is but the one everything goes by. */
    public List<String> routes() {
        WaffleConfig config = configuration.config();
        boolean none = config.routes().size() == 1
                && config.routes().getFirst().matches().equals(List.of(MatchConfig.ANY));
        return none ? List.of() : rules().inOrder();
    }

    private RouteRules rules() {
        RouteRules known = rules;
        if (known == null) {
            known = RouteRules.of(configuration);
            rules = known;
        }
        return known;
    }

    private void checkPool(PoolConfig pool, Set<Problem> problems) {
        checkStrategy(pool, problems);
        if (TlsPlaces.OF_BACKENDS.stream().allMatch(place -> isWell(origin(pool, place)))) {
            checkBackendTls(pool, problems);
        }
        pool.sticky().warning().ifPresent(this::warn);
    }

    private void checkListener(ListenerConfig listener, Set<Problem> problems) {
        if (TlsPlaces.ALL.stream().allMatch(place -> isWell(origin(listener, place)))
                && namedFiles(listener).values().stream().allMatch(this::isWell)) {
            listener.tls().ifPresent(files -> checkListenerTls(listener, files, problems));
        }
    }

    private Origin origin(PoolConfig pool, Setting<?> setting) {
        return Configuration.origin(configuration.pools(), pool.name(), setting);
    }

    private Origin origin(ListenerConfig listener, Setting<?> setting) {
        return Configuration.origin(configuration.listeners(), listener.name(), setting);
    }

    private void warn(String warning) {
        if (!warnings.contains(warning)) {
            warnings.add(warning);
        }
    }

    /** What is odd and no error, as far as it ran. */
    public List<String> warnings() {
        return Stream.concat(warnings.stream(), rules().warnings().stream()).toList();
    }

    private boolean isWell(Origin origin) {
        return configuration.problems().stream()
                .noneMatch(problem -> problem.origin().equals(origin));
    }

    private void checkStrategy(PoolConfig pool, Set<Problem> problems) {
        checkStrategy(
                new StrategyPlace(pool.name(), pool.loadBalancing()),
                Optional.ofNullable(configuration.pools().get(pool.name())),
                StrategySettings.NAME,
                problems);
    }

    /** Those that a route wants, in each of its pools; one that several want is made once. */
    private void checkStrategies(RouteConfig route, Set<Problem> problems) {
        if (route.loadBalancing().isPresent() && route.action() instanceof Forward forward) {
            for (Share share : forward.to()) {
                checkStrategy(
                        new StrategyPlace(share.pool(), route.loadBalancing().get()),
                        Optional.ofNullable(configuration.routes().get(route.name())),
                        RoutePolicySettings.STRATEGY,
                        problems);
            }
        }
    }

    private void checkStrategy(
            StrategyPlace wanted, Optional<Origins> origins, Setting<?> name, Set<Problem> problems) {
        if (made.containsKey(wanted)) {
            return;
        }
        try {
            if (inUse.isEmpty() || !configuration.problems().isEmpty()) {
                plugins.check(wanted.config(), wanted.pool());
            } else if (!inUse.get().contains(wanted)) {
                made.put(wanted, plugins.create(wanted.config(), wanted.pool()));
            }
        } catch (StrategyException e) {
            e.errors().forEach(error -> problems.add(new Problem(origin(origins, name, error), error)));
        }
    }

    /** The option an error is about, or the strategy. */
    private static Origin origin(Optional<Origins> origins, Setting<?> name, String error) {
        return origins.stream()
                .flatMap(found -> found.options().entrySet().stream())
                .filter(option -> error.contains("option " + option.getKey() + " ")
                        || error.contains("option " + option.getKey() + ":"))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElseGet(() -> origins.map(found -> found.of(name))
                        .orElseGet(() -> new Origin(Origin.Source.DEFAULT, 0, name.name())));
    }

    private void checkListenerTls(ListenerConfig listener, TlsConfig config, Set<Problem> problems) {
        try {
            ServerTls.load(config, Clock.systemUTC(), Optional.empty())
                    .warnings()
                    .forEach(this::warn);
        } catch (TlsConfigException e) {
            Origin place = namedFiles(listener).entrySet().stream()
                    .filter(named -> e.isAbout(Path.of(named.getKey())))
                    .findFirst()
                    .map(Map.Entry::getValue)
                    .orElseGet(() -> origin(listener, TlsPlaces.of(e, config)));
            problems.add(new Problem(place, String.valueOf(e.getMessage())));
        }
    }

    /** Where the files of {@code tls.names} are named, by their paths. */
    private Map<String, Origin> namedFiles(ListenerConfig listener) {
        return configuration
                .listeners()
                .getOrDefault(listener.name(), Origins.NONE)
                .options();
    }

    private void checkToken(Path file, Set<Problem> problems) {
        try {
            Token.load(file);
        } catch (TokenException e) {
            problems.add(Problem.of(configuration.origin(AdminSettings.TOKEN), e.actual(), e.expected()));
        }
    }

    private void checkBackendTls(PoolConfig pool, Set<Problem> problems) {
        try {
            ClientTls.load(pool.backendTls(), Clock.systemUTC()).warnings().forEach(this::warn);
        } catch (TlsConfigException e) {
            Setting<?> culprit = TlsPlaces.of(e, pool.backendTls());
            problems.add(new Problem(origin(pool, culprit), String.valueOf(e.getMessage())));
        }
        if (!pool.backendTls().verify()) {
            warn("backend certificates are not verified: anyone may pass for a backend");
        }
    }
}
