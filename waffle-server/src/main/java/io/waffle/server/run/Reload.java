// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.Configuration;
import io.waffle.server.config.Problem;
import io.waffle.server.config.StrategyConfig;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.tls.ServerTls;
import java.lang.System.Logger.Level;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
     * @param source reads all doors
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
            DeepChecks checks = new DeepChecks(next, found, Optional.of(goesOn(found)));
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

    /** The strategy that goes on if it is wanted again: none, if its code has changed on disk. */
    private StrategyConfig goesOn(Plugins found) {
        StrategyConfig inUse = current.config().loadBalancing();
        return found.isSame(plugins, inUse.name()) ? inUse : new StrategyConfig("", Map.of());
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
                        config.tls().stream().flatMap(TlsConfig::files),
                        config.tls().stream().flatMap(tls -> ServerTls.filesOf(tls).stream()),
                        config.backendTls().caFile().stream(),
                        config.sticky().keyFiles().stream(),
                        config.admin().tokenFile().stream())
                .flatMap(paths -> paths)
                .toList();
    }

    /** Whether files are to be watched. */
    synchronized boolean watches() {
        return current.config().watch();
    }

    private List<String> change(String cause, Configuration next, Plugins found, DeepChecks checks) {
        try {
            waffle.change(next.config(), found, checks.strategy());
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
        List<String> changed = differences(before, now);
        LOG.log(
                Level.INFO,
                "reloaded (" + cause + "): "
                        + (changed.isEmpty() ? "no setting has changed" : "changed: " + String.join(", ", changed)));
        fixed(started, now)
                .forEach(setting ->
                        LOG.log(Level.WARNING, setting + " has changed, which takes effect at the next start"));
    }

    /** The sections that differ. */
    private static List<String> differences(WaffleConfig before, WaffleConfig now) {
        List<String> changed = new ArrayList<>();
        for (RecordComponent section : WaffleConfig.class.getRecordComponents()) {
            if (!Objects.equals(value(section, before), value(section, now))) {
                changed.add(section.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
            }
        }
        return changed;
    }

    private static Object value(RecordComponent section, WaffleConfig config) {
        try {
            return section.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What differs and cannot change while Waffle runs. */
    private static List<String> fixed(WaffleConfig before, WaffleConfig now) {
        List<String> changed = new ArrayList<>();
        if (!before.listen().equals(now.listen())) {
            changed.add("listen");
        }
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
