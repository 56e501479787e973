// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.IoReason;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.health.TcpProbe;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What somebody wants to know who has just started Waffle, in a few lines behind those that say where it listens. */
public final class Banner {

    private static final System.Logger LOG = System.getLogger("waffle");

    /** As many as a line bears, and as are worth a connection each that carries nothing. */
    private static final int MOST_SHOWN = 8;

    private static final Duration LOOK = Duration.ofSeconds(2);

    /** What a signal that is ignored was for, and what there is in its place. */
    private static final Map<String, String> INSTEAD = Map.of(
            "HUP", "SIGHUP is ignored, as nohup has it: reload by the admin API, or with -watch",
            "INT", "SIGINT is ignored, as a shell has it for what it starts in the background: stop by SIGTERM");

    private Banner() {}

    static void say(WaffleConfig config, Collection<LivePool> pools, Resolver resolver) {
        pools.stream().limit(MOST_SHOWN).forEach(pool -> LOG.log(Level.INFO, pool(pool.config(), pool.pool())));
        if (pools.size() > MOST_SHOWN) {
            LOG.log(Level.INFO, "and " + (pools.size() - MOST_SHOWN) + " pools more");
        }
        LOG.log(Level.INFO, process(config));
        INSTEAD.forEach((signal, instead) -> {
            if (ignored().contains(signal)) {
                LOG.log(Level.INFO, instead);
            }
        });
        if (isWatched()) {
            pools.stream()
                    .filter(pool -> !pool.config().health().active())
                    .flatMap(pool -> looks(pool, resolver))
                    .limit(MOST_SHOWN)
                    .forEach(look -> Thread.ofVirtual().name("first look").start(look));
        }
    }

    private static Stream<Runnable> looks(LivePool pool, Resolver resolver) {
        TcpProbe probe = new TcpProbe(
                resolver,
                BackendConfig::port,
                pool.config().proxyProtocol().send().version(),
                LOOK);
        return pool.pool().backends().stream().map(backend -> () -> look(backend, probe));
    }

    private static String pool(PoolConfig config, Pool pool) {
        List<PooledBackend> backends = pool.backends();
        String shown = backends.stream()
                .limit(MOST_SHOWN)
                .map(backend -> backend.config().id() + (backend.isWell() ? "" : " (out)"))
                .collect(Collectors.joining(", "));
        int more = backends.size() - MOST_SHOWN;
        return "pool " + pool.name() + ": " + shown + (more > 0 ? " and " + more + " more" : "")
                + (config.health().active() ? "; checks are on" : "; checks are off (-health-check-path)")
                + (config.ejection().disabled() ? ", ejection is off" : ", ejection is on");
    }

    private static String process(WaffleConfig config) {
        long pid = ProcessHandle.current().pid();
        boolean file = config.pidFile().isPresent();
        return "process " + pid + ": kill -HUP " + pid + (file ? " or waffle reload" : "") + " reloads, kill " + pid
                + (file ? " or waffle stop" : "") + (isWatched() ? " or Ctrl-C" : "") + " stops";
    }

    private static List<String> ignored() {
        return List.of(System.getProperty("waffle.ignored", "").split(","));
    }

    /** Whether the log goes to a terminal, as the launcher says: elsewhere backends get no connection that nobody asked for. */
    public static boolean isWatched() {
        return Boolean.getBoolean("waffle.terminal");
    }

    private static void look(PooledBackend backend, TcpProbe probe) {
        try {
            probe.complaint(backend);
            LOG.log(Level.DEBUG, "backend " + backend.config().id() + " can be reached");
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "backend " + backend.config().id() + " cannot be reached: " + IoReason.of(e)
                            + " (it is asked again when requests come)");
        }
    }

    /** Says where clients may connect, by the names of listeners. */
    static void sayWhere(WaffleConfig config, Map<String, SocketAddress> addresses) {
        boolean only = config.listeners().size() == 1;
        config.listeners().stream()
                .filter(listener -> addresses.containsKey(listener.name()))
                .forEach(listener -> LOG.log(
                        Level.INFO,
                        "listening on "
                                + place(
                                        Objects.requireNonNull(addresses.get(listener.name())),
                                        listener.tls().isPresent())
                                + (only ? ", balancing " + balanced(config) : " (" + listener.name() + ")")));
    }

    private static String place(SocketAddress at, boolean tls) {
        String written = Addresses.written(at);
        if (at instanceof UnixDomainSocketAddress) {
            return written + (tls ? " with TLS" : "");
        }
        return (tls ? "https://" : "http://") + written;
    }

    /** What there is to balance over, in a few words. */
    private static String balanced(WaffleConfig config) {
        if (config.pools().size() > 1) {
            int routes = config.routes().size();
            return routes + (routes == 1 ? " route" : " routes") + " to "
                    + config.pools().size() + " pools";
        }
        PoolConfig only = config.pools().getFirst();
        int backends = only.backends().size();
        return only.loadBalancing().name() + " over " + backends + (backends == 1 ? " backend" : " backends");
    }
}
