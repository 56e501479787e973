// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.api.Strategy;
import io.waffle.server.admin.Token;
import io.waffle.server.admin.TokenException;
import io.waffle.server.config.AdminSettings;
import io.waffle.server.config.BackendSettings;
import io.waffle.server.config.Configuration;
import io.waffle.server.config.Origin;
import io.waffle.server.config.OwnListener;
import io.waffle.server.config.Problem;
import io.waffle.server.config.Setting;
import io.waffle.server.config.StrategyConfig;
import io.waffle.server.config.StrategySettings;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.TlsSettings;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.plugin.StrategyException;
import io.waffle.server.tls.ClientTls;
import io.waffle.server.tls.ServerTls;
import io.waffle.server.tls.TlsConfigException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what is wrong with a configuration inside what it names: the strategy, its options, the files for TLS. Starting finds the same, but
 * only the first of it, and without its place.
 */
public final class DeepChecks {

    private final Configuration configuration;
    private final Plugins plugins;
    private final Optional<StrategyConfig> inUse;
    private Optional<Strategy> made = Optional.empty();
    private final List<String> warnings = new ArrayList<>();

    /** For who wants to know, and no more. */
    public DeepChecks(Configuration configuration, Plugins plugins) {
        this(configuration, plugins, Optional.empty());
    }

    /**
     * For who goes by it if all is well.
     *
     * @param inUse the strategy that goes on if it is wanted again, and so is not made again; empty to make none but for the check
     */
    DeepChecks(Configuration configuration, Plugins plugins, Optional<StrategyConfig> inUse) {
        this.configuration = configuration;
        this.plugins = plugins;
        this.inUse = inUse;
    }

    /** The strategy, if it was made: it is to be used, or to be {@linkplain #discard discarded}. */
    Optional<Strategy> strategy() {
        return made;
    }

    /** Ends a strategy that is not going to be used. */
    void discard() {
        made.ifPresent(Plugins::closeUnused);
    }

    public static List<Problem> sorted(List<Problem> some, List<Problem> others) {
        return Stream.concat(some.stream(), others.stream())
                .sorted((a, b) -> a.origin().compareTo(b.origin()))
                .toList();
    }

    /** All problems; what was wrong before was replaced by a default, and so is not found again. */
    public List<Problem> run() {
        List<Problem> problems = new ArrayList<>(runForStart());
        WaffleConfig config = configuration.config();
        OwnListener.among(config.backends(), config.listen())
                .ifPresent(own -> problems.add(Problem.of(
                        configuration.origin(BackendSettings.BACKENDS),
                        own.name(),
                        "a backend that is not this listener")));
        return sorted(problems, List.of());
    }

    /** Those that keep Waffle from starting: of a backend that is the listener itself a start only warns. */
    public List<Problem> runForStart() {
        List<Problem> problems = new ArrayList<>();
        checkStrategy(problems);
        WaffleConfig config = configuration.config();
        if (TlsPlaces.ALL.stream().allMatch(this::isWell)) {
            config.tls().ifPresent(files -> checkListenerTls(files, problems));
        }
        if (isWell(TlsSettings.BACKEND_CA)) {
            checkBackendTls(problems);
        }
        config.sticky().warning().ifPresent(warnings::add);
        if (isWell(AdminSettings.TOKEN)) {
            config.admin().tokenFile().ifPresent(file -> checkToken(file, problems));
        }
        return sorted(problems, List.of());
    }

    /** What is odd and no error, as far as it ran. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private boolean isWell(Setting<?> setting) {
        Origin origin = configuration.origin(setting);
        return configuration.problems().stream()
                .noneMatch(problem -> problem.origin().equals(origin));
    }

    private void checkStrategy(List<Problem> problems) {
        StrategyConfig wanted = configuration.config().loadBalancing();
        try {
            if (inUse.isEmpty() || !configuration.problems().isEmpty()) {
                plugins.check(wanted, Prepared.POOL);
            } else if (!inUse.get().equals(wanted)) {
                made = Optional.of(plugins.create(wanted, Prepared.POOL));
            }
        } catch (StrategyException e) {
            e.errors().forEach(error -> problems.add(new Problem(origin(error), error)));
        }
    }

    /** The option an error is about, or the strategy. */
    private Origin origin(String error) {
        return configuration.optionOrigins().entrySet().stream()
                .filter(option -> error.contains("option " + option.getKey() + " ")
                        || error.contains("option " + option.getKey() + ":"))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(configuration.origin(StrategySettings.NAME));
    }

    private void checkListenerTls(TlsConfig config, List<Problem> problems) {
        try {
            warnings.addAll(
                    ServerTls.load(config, Clock.systemUTC(), Optional.empty()).warnings());
        } catch (TlsConfigException e) {
            problems.add(new Problem(configuration.origin(TlsPlaces.of(e, config)), String.valueOf(e.getMessage())));
        }
    }

    private void checkToken(Path file, List<Problem> problems) {
        try {
            Token.load(file);
        } catch (TokenException e) {
            problems.add(Problem.of(configuration.origin(AdminSettings.TOKEN), e.actual(), e.expected()));
        }
    }

    private void checkBackendTls(List<Problem> problems) {
        WaffleConfig config = configuration.config();
        try {
            ClientTls.load(
                    config.backendTls().caFile(),
                    config.backendTls().verify(),
                    config.backendTls().serverName());
        } catch (TlsConfigException e) {
            problems.add(new Problem(configuration.origin(TlsSettings.BACKEND_CA), String.valueOf(e.getMessage())));
        }
        if (!config.backendTls().verify()) {
            warnings.add("backend certificates are not verified: anyone may pass for a backend");
        }
    }
}
