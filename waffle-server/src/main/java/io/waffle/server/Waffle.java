// SPDX-License-Identifier: Apache-2.0
package io.waffle.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.waffle.api.ClientAddress;
import io.waffle.server.admin.AdminListener;
import io.waffle.server.admin.Token;
import io.waffle.server.config.Host;
import io.waffle.server.config.ListenAddress;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Membership;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.health.HealthChecks;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loops;
import io.waffle.server.pool.Plugins;
import io.waffle.server.pool.Pool;
import io.waffle.server.proxy.AccessLog;
import io.waffle.server.proxy.ProxyListener;
import io.waffle.server.proxy.Terms;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** A load balancer: wires the parts of a configuration together, starts them, changes them under load, and stops them in good order. */
final class Waffle implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("waffle");

    /** Descriptors for everything that is not a connection: jars, the selectors, logs. */
    private static final int OTHER_FILES = 128;

    /** For the name of an address to listen on. */
    private static final Duration NAME_WAIT = Duration.ofSeconds(10);

    /** An access log that was replaced stays open for those that are about to write to it. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    private final Pool pool;
    private final Loops loops;
    private final Membership members;
    private final ProxyListener listener;

    /** What it goes by now; changed by one thread at a time, as the checks are. */
    private volatile Prepared prepared;

    private volatile HealthChecks health;

    /** Set once, behind the start. */
    private volatile Optional<AdminListener> admin = Optional.empty();

    private Waffle(Prepared prepared, Pool pool, Membership members, Loops loops, ProxyListener listener) {
        this.prepared = prepared;
        this.pool = pool;
        this.members = members;
        this.loops = loops;
        this.listener = listener;
        this.health = checks(prepared);
        members.onChange(this::membersChanged);
    }

    /**
     * Starts to balance.
     *
     * @throws StartException if that cannot be: its message is one line for the operator
     */
    static Waffle start(WaffleConfig config, Plugins plugins) throws StartException {
        Prepared prepared = Prepared.of(config, plugins, Optional.empty());
        Pool pool = pool(prepared);
        Membership members = Membership.of(pool, prepared.terms().resolver(), new Random());
        members.change(config.dns(), none -> config.backends());
        InetSocketAddress address =
                address("listen", config.listen(), prepared.terms().resolver());
        Loops loops = startLoops();
        try {
            ProxyListener listener = ProxyListener.start(
                    prepared.terms(),
                    address,
                    pool,
                    loops,
                    new HttpDate(InstantSource.system()),
                    maxConnections(config.limits().connections()));
            Waffle waffle = new Waffle(prepared, pool, members, loops, listener);
            waffle.health.start();
            waffle.sayWhere(config);
            loops.quicken();
            return waffle;
        } catch (IOException e) {
            members.close();
            loops.close();
            pool.close();
            prepared.terms().accessLog().ifPresent(AccessLog::close);
            throw new StartException("cannot listen on " + address + ": " + e.getMessage());
        }
    }

    /**
     * Goes by another configuration from now on. Nothing in flight is touched, and what the configuration leaves alone goes on as it was. The
     * address it listens on stays.
     *
     * @throws StartException if that cannot be, and then nothing has changed: its message is one line for the operator
     */
    synchronized void change(WaffleConfig config, Plugins plugins) throws StartException {
        Prepared former = prepared;
        Prepared next = Prepared.of(config, plugins, Optional.of(former));
        prepared = next;
        pool.goBy(next.policy());
        listener.change(next.terms());
        changeChecks(former, next);
        members.change(config.dns(), before -> config.backends());
        former.terms()
                .accessLog()
                .filter(log -> next.terms().accessLog().filter(log::equals).isEmpty())
                .ifPresent(log -> later(LAST_LINES, log::close));
    }

    private void membersChanged() {
        health.refresh();
        listener.membersChanged();
    }

    private void changeChecks(Prepared former, Prepared next) {
        boolean same = next.config().health().equals(former.config().health())
                && next.terms().backendTls().equals(former.terms().backendTls());
        if (same) {
            return;
        }
        HealthChecks ended = health;
        ended.close();
        if (!next.config().health().active()) {
            ended.forget();
        }
        health = checks(next);
        health.start();
    }

    private HealthChecks checks(Prepared by) {
        Terms terms = by.terms();
        return new HealthChecks(
                by.config().health(), pool, terms.backendTls()::context, new Random(), terms.resolver());
    }

    private static Pool pool(Prepared prepared) {
        return new Pool(
                Prepared.POOL,
                List.of(),
                prepared.policy(),
                Waffle::later,
                System::nanoTime,
                ThreadLocalRandom.current());
    }

    /**
     * Serves the admin API from now on, if it is configured; else loads none of it.
     *
     * @param reload what is done when it is asked to reload; returns what is wrong
     */
    void serveAdmin(Supplier<List<String>> reload) throws StartException {
        WaffleConfig config = prepared.config();
        if (config.admin().listen().isEmpty()) {
            return;
        }
        try {
            Optional<Token> token = prepared.adminToken();
            AdminListener started = AdminListener.start(
                    address(
                            "admin",
                            config.admin().listen().get(),
                            prepared.terms().resolver()),
                    pool,
                    members,
                    () -> prepared.config(),
                    reload,
                    token);
            admin = Optional.of(started);
            LOG.log(
                    Level.INFO,
                    "admin API at http://" + written(started.address())
                            + (token.isPresent() ? "" : ", without a token: it changes nothing"));
        } catch (IOException e) {
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

    /** The address to bind; a name is looked up first. */
    private static InetSocketAddress address(String setting, ListenAddress listen, Resolver resolver)
            throws StartException {
        if (listen.host().isEmpty()) {
            return new InetSocketAddress(listen.port());
        }
        Host host = listen.host().get();
        try {
            return new InetSocketAddress(
                    resolver.addresses(host, Deadline.in(NAME_WAIT)).getFirst(), listen.port());
        } catch (IOException e) {
            throw new StartException(setting + ": " + host.text() + " (expected: a host name that resolves)");
        }
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

    /** Opens what it writes to anew, which may have been moved away. */
    void reopenLogs() {
        prepared.terms().accessLog().ifPresent(AccessLog::reopen);
    }

    /** Lets those who ask know that a stop is near, and serves on for as long as they need to hear of it. */
    void announceStop() {
        if (admin.isPresent()) { // with a reference to its method, the class would be loaded at each stop
            admin.get().announceStop();
        }
        Duration delay = prepared.config().shutdownDelay();
        if (delay.isZero()) {
            return;
        }
        LOG.log(Level.INFO, "stopping in " + delay.toMillis() + " ms: accepting until then");
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then at once
        }
    }

    /** Stops accepting, lets what is in flight end within the drain deadline, closes the rest. Waits for it. */
    @Override
    public synchronized void close() {
        LOG.log(Level.INFO, "stopping: waiting for requests in flight");
        listener.close();
        if (admin.isPresent()) {
            admin.get().close(); // before the pool, which nobody may change any more
        }
        members.close();
        health.close();
        pool.close();
        loops.close();
        prepared.terms().accessLog().ifPresent(AccessLog::close);
        LOG.log(Level.INFO, "stopped");
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
        String host = ClientAddress.of(at.getAddress()).toString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort();
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
