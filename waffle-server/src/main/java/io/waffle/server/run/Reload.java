// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.Configuration;
import io.waffle.server.config.PageConfig;
import io.waffle.server.config.Problem;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.tls.ServerTls;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads the configuration anew and has Waffle go by it; or says what is wrong with it, and changes nothing.
 *
 * <p>Threading: any thread; one reload at a time.
 */
public final class Reload {

    private static final System.Logger LOG = System.getLogger("waffle");

    private final Supplier<Configuration> source;
    private final Waffle waffle;
    private final Logs logs;

    /** What does not change while Waffle runs is as it was then. */
    private final WaffleConfig started;

    /** Guarded by this, as all below. */
    private Configuration current;

    private Configuration tried;

    /** Before which moment the files of that one were as they were read. */
    private Instant triedAt = Instant.now();

    private Plugins plugins;

    /** What was found last: those, or others that were refused with a configuration. */
    private Plugins searched;

    /**
     * Of what has been started.
     *
     * @param source reads all sources
     */
    public Reload(Supplier<Configuration> source, Configuration current, Plugins plugins, Waffle waffle, Logs logs) {
        this.source = source;
        this.current = current;
        this.started = current.config();
        this.tried = current;
        this.plugins = plugins;
        this.searched = plugins;
        this.waffle = waffle;
        this.logs = logs;
    }

    /**
     * Reloads.
     *
     * @param cause who asks for it, for the log
     * @return what is wrong, a line each; empty if it was done
     */
    public synchronized List<String> run(String cause) {
        try {
            triedAt = Instant.now();
            Configuration next = source.get();
            tried = next;
            searched = searched.refreshed(PluginsFolder.of(next));
            Plugins found = searched;
            DeepChecks checks = new DeepChecks(next, found, Optional.of(goOn(found)));
            List<Problem> problems = DeepChecks.sorted(next.problems(), checks.run());
            if (problems.isEmpty()) {
                return change(cause, next, found, checks);
            }
            checks.discard();
            return refuse(cause, problems.stream().map(Problem::toString).toList());
        } catch (Throwable e) { // whatever a plugin or a file does
            LOG.log(Level.ERROR, "reload (" + cause + "): " + e, e);
            return List.of("internal error");
        }
    }

    /** The strategies that go on if they are wanted again: not those whose code has changed on disk. */
    private Set<StrategyPlace> goOn(Plugins found) {
        Set<StrategyPlace> all = new HashSet<>();
        current.config().strategies().forEach((pool, configs) -> configs.stream()
                .filter(config -> found.isSame(plugins, config.name()))
                .forEach(config -> all.add(new StrategyPlace(pool, config))));
        return all;
    }

    /** The files whose change is a reason to reload: of what is in use, and of what was tried last, which may have been refused for one. */
    synchronized List<Path> files() {
        return Stream.concat(files(current).stream(), files(tried).stream())
                .distinct()
                .toList();
    }

    /** When those files were read last, or rather a moment before. */
    synchronized Instant readAt() {
        return triedAt;
    }

    static List<Path> files(Configuration configuration) {
        WaffleConfig config = configuration.config();
        return Stream.of(
                        configuration.file().stream(),
                        config.listeners().stream()
                                .flatMap(listener -> listener.tls().stream())
                                .flatMap(TlsConfig::files),
                        config.listeners().stream()
                                .flatMap(listener -> listener.tls().stream())
                                .flatMap(tls -> ServerTls.filesOf(tls).stream()),
                        config.pools().stream()
                                .flatMap(pool -> pool.backendTls().files()),
                        config.pools().stream().flatMap(pool -> pool.sticky().keyFiles().stream()),
                        pages(config).map(PageConfig::file),
                        config.accessLists().stream(),
                        config.admin().tokenFile().stream())
                .flatMap(paths -> paths)
                .distinct()
                .toList();
    }

    private static Stream<PageConfig> pages(WaffleConfig config) {
        return Stream.concat(
                config.errors().values().stream(),
                config.routes().stream()
                        .flatMap(route ->
                                Stream.concat(route.errors().values().stream(), route.maintenance().page().stream())));
    }

    /** Whether files are to be watched. */
    synchronized boolean watches() {
        return current.config().watch();
    }

    private List<String> change(String cause, Configuration next, Plugins found, DeepChecks checks) {
        try {
            waffle.change(next.config(), found, checks.premade());
        } catch (StartException e) {
            checks.discard();
            return refuse(cause, List.of(Optional.ofNullable(e.getMessage()).orElse("for no stated reason")));
        }
        logs.level(next.config().logging().level());
        tell(cause, current.config(), next.config());
        Warnings.of(next).forEach(warning -> LOG.log(Level.WARNING, warning));
        current = next;
        plugins = found;
        return List.of();
    }

    private static List<String> refuse(String cause, List<String> problems) {
        problems.forEach(problem -> LOG.log(Level.ERROR, "reload (" + cause + "): " + problem));
        LOG.log(Level.ERROR, "reload (" + cause + "): nothing was changed");
        return problems;
    }

    private void tell(String cause, WaffleConfig before, WaffleConfig now) {
        List<String> changed = Differences.between(before, now);
        LOG.log(
                Level.INFO,
                "reloaded (" + cause + "): "
                        + (changed.isEmpty() ? "no setting has changed" : "changed: " + String.join(", ", changed)));
        fixed(started, now)
                .forEach(setting ->
                        LOG.log(Level.WARNING, setting + " has changed, which takes effect at the next start"));
    }

    /** What differs and cannot change while Waffle runs. */
    private static List<String> fixed(WaffleConfig before, WaffleConfig now) {
        List<String> changed = new ArrayList<>();
        if (before.limits().connections() != now.limits().connections()) {
            changed.add("limits.connections");
        }
        if (before.limits().memory() != now.limits().memory()) {
            changed.add("limits.memory");
        }
        if (!before.admin().listen().equals(now.admin().listen())) {
            changed.add("admin.listen");
        }
        if (!before.metricsListen().equals(now.metricsListen())) {
            changed.add("metrics.listen");
        }
        if (!before.pidFile().equals(now.pidFile())) {
            changed.add("pid_file");
        }
        if (before.logging().format() != now.logging().format()) {
            changed.add("logging.format");
        }
        return changed;
    }
}
