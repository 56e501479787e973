// SPDX-License-Identifier: Apache-2.0
package io.waffle.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.waffle.api.Strategy;
import io.waffle.server.admin.AdminListener;
import io.waffle.server.admin.Token;
import io.waffle.server.admin.TokenException;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Membership;
import io.waffle.server.health.HealthChecks;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.ClientTls;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.ServerTls;
import io.waffle.server.loop.TlsConfigException;
import io.waffle.server.loop.TlsProvider;
import io.waffle.server.pool.Plugins;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.StrategyException;
import io.waffle.server.proxy.AccessLog;
import io.waffle.server.proxy.ProxyListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** A load balancer: wires the parts of a configuration together, starts them, and stops them in good order. */
final class Waffle implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("waffle");
    private static final String POOL = "default";

    /** Descriptors for everything that is not a connection: jars, the selectors, logs. */
    private static final int OTHER_FILES = 128;

    private final Pool pool;
    private final Loops loops;
    private final HealthChecks health;
    private final ProxyListener listener;
    private final Optional<AccessLog> accessLog;

    /** Set once, at start. */
    private Optional<AdminListener> admin = Optional.empty();

    private Waffle(Pool pool, Loops loops, HealthChecks health, ProxyListener listener, Optional<AccessLog> accessLog) {
        this.pool = pool;
        this.loops = loops;
        this.health = health;
        this.listener = listener;
        this.accessLog = accessLog;
    }

    /**
     * Starts to balance.
     *
     * @throws StartException if that cannot be: its message is one line for the operator
     */
    static Waffle start(WaffleConfig config, Plugins plugins) throws StartException {
        Prepared prepared = prepare(config, plugins);
        InetSocketAddress address = config.listen().toSocketAddress();
        if (address.isUnresolved()) {
            throw new StartException("listen: " + config.listen().host() + " (expected: a host name that resolves)");
        }
        Pool pool = new Pool(
                POOL,
                config.backends(),
                prepared.strategy,
                config.ejection(),
                config.slowStart(),
                Waffle::later,
                System::nanoTime,
                ThreadLocalRandom.current());
        Loops loops = startLoops();
        try {
            ProxyListener listener = ProxyListener.start(
                    config,
                    address,
                    pool,
                    loops,
                    prepared.tls,
                    prepared.backendTls,
                    new HttpDate(InstantSource.system()),
                    prepared.accessLog,
                    maxConnections(config.limits().connections()));
            HealthChecks health = new HealthChecks(config.health(), pool, prepared.backendTls::context, new Random());
            health.start();
            Waffle waffle = new Waffle(pool, loops, health, listener, prepared.accessLog);
            waffle.startAdmin(config, new Membership(pool, config.backends(), health::refresh), prepared.adminToken);
            waffle.sayWhere(config);
            loops.quicken();
            Thread.ofVirtual().name("backend names").start(() -> warnOfUnknownNames(config.backends()));
            return waffle;
        } catch (IOException e) {
            loops.close();
            pool.close();
            prepared.accessLog.ifPresent(AccessLog::close);
            throw new StartException("cannot listen on " + address + ": " + e.getMessage());
        }
    }

    /** Loads none of it if it is not configured. */
    private void startAdmin(WaffleConfig config, Membership membership, Optional<Token> token) throws StartException {
        if (config.admin().listen().isEmpty()) {
            return;
        }
        InetSocketAddress address = config.admin().listen().get().toSocketAddress();
        try {
            AdminListener started = AdminListener.start(address, config, pool, membership, token);
            admin = Optional.of(started);
            LOG.log(
                    Level.INFO,
                    "admin API at http://" + written(started.address())
                            + (token.isPresent() ? "" : ", without a token: it changes nothing"));
        } catch (IOException e) {
            close();
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /** Runs something later, on a thread of its own. */
    private static void later(Duration delay, Runnable task) {
        Thread.ofVirtual().name("timer").start(() -> {
            try {
                Thread.sleep(delay);
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does, as things are
            }
        });
    }

    private static Loops startLoops() throws StartException {
        try {
            return Loops.start(Runtime.getRuntime().availableProcessors());
        } catch (IOException e) {
            throw new StartException("cannot start the event loops: " + e.getMessage());
        }
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return listener.address();
    }

    /** Stops accepting, lets what is in flight end within the drain deadline, closes the rest. Waits for it. */
    @Override
    public void close() {
        LOG.log(Level.INFO, "stopping: waiting for requests in flight");
        if (admin.isPresent()) { // with a reference to its method, the class would be loaded at each stop
            admin.get().announceStop();
        }
        listener.close();
        if (admin.isPresent()) {
            admin.get().close(); // before the pool, which nobody may change any more
        }
        health.close();
        pool.close();
        loops.close();
        accessLog.ifPresent(AccessLog::close);
        LOG.log(Level.INFO, "stopped");
    }

    private record Prepared(
            Strategy strategy,
            Optional<ServerTls> tls,
            ClientTls backendTls,
            Optional<AccessLog> accessLog,
            Optional<Token> adminToken) {}

    private static Prepared prepare(WaffleConfig config, Plugins plugins) throws StartException {
        try {
            ClientTls backendTls = ClientTls.load(
                    config.backendTls().caFile(), config.backendTls().verify());
            if (config.backends().stream().anyMatch(BackendConfig::tls)) {
                backendTls.prepare(); // a trust store that cannot be used is found now, not by the first request
            }
            if (!backendTls.verifies()) {
                LOG.log(Level.WARNING, "backend certificates are not verified: anyone may pass for a backend");
            }
            Optional<ServerTls> tls = Optional.empty();
            if (config.tls().isPresent()) {
                tls = Optional.of(serverTls(config.tls().get()));
            }
            Optional<Token> token = Optional.empty();
            if (config.admin().tokenFile().isPresent()) {
                token = Optional.of(Token.load(config.admin().tokenFile().get()));
            }
            return new Prepared(
                    plugins.create(config.loadBalancing(), POOL), tls, backendTls, AccessLog.open(config), token);
        } catch (IOException e) {
            throw new StartException("cannot write the access log: " + e);
        } catch (TlsConfigException | StrategyException | TokenException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    private static ServerTls serverTls(TlsConfig files) throws TlsConfigException {
        TlsProvider provider = TlsProvider.valueOf(files.provider().name());
        ServerTls tls = ServerTls.load(files.certFile(), files.keyFile(), Clock.systemUTC(), provider);
        LOG.log(Level.INFO, "TLS by " + tls.implementation());
        tls.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        return tls;
    }

    private void sayWhere(WaffleConfig config) {
        LOG.log(
                Level.INFO,
                "listening on " + (config.tls().isPresent() ? "https" : "http") + "://" + written(address())
                        + ", balancing "
                        + config.loadBalancing().name() + " over "
                        + config.backends().size()
                        + (config.backends().size() == 1 ? " backend" : " backends"));
    }

    private static String written(InetSocketAddress at) {
        String host = at.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort();
    }

    private static void warnOfUnknownNames(List<BackendConfig> backends) {
        for (BackendConfig backend : backends) {
            try {
                InetAddress.getByName(backend.host());
            } catch (UnknownHostException e) {
                LOG.log(
                        Level.WARNING,
                        "backend " + backend.id()
                                + ": its name does not resolve; requests sent there fail with 502 until it does");
            }
        }
    }

    /** What was configured, or as many as the file limit of the process allows, when each client may need a backend connection. */
    private static int maxConnections(int configured) {
        if (configured > 0) {
            return configured;
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            long each = (os.getMaxFileDescriptorCount() - OTHER_FILES) / 2;
            return Math.clamp(each, 16, 1_000_000);
        }
        return 10_000;
    }
}
