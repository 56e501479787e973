// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import com.sun.management.UnixOperatingSystemMXBean;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.Host;
import io.waffle.server.config.ListenAddress;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Membership;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.health.HealthChecks;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Boundary;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.plugin.Plugins;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A load balancer: wires the parts of a configuration together, starts them, changes them under load, and stops them in good order. */
public final class Waffle implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("waffle");

    /** Descriptors for everything that is not a connection: jars, the selectors, logs. */
    private static final int OTHER_FILES = 128;

    /** For the name of an address to listen on. */
    private static final Duration NAME_WAIT = Duration.ofSeconds(10);

    /** A stop takes what its drain takes, and twice this at most. */
    private static final Duration LAST_WAIT = Duration.ofMillis(100);

    /** An access log that was replaced stays open for those that are about to write to it. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    private final Pool pool;
    private final Loops loops;
    private final Membership members;
    private final ProxyListener listener;
    private final MemoryBudget memory;

    /** What it goes by now; changed by one thread at a time, as the checks are. */
    private volatile Prepared prepared;

    /** What does not change while it runs is as it was then. */
    private final WaffleConfig started;

    private volatile HealthChecks health;

    private final OperatorListeners operators = new OperatorListeners(() -> prepared);

    /** Whether it ever did; a start that ends before has nothing to say of its stop. */
    private volatile boolean serving;

    /** Held by who changes what Waffle goes by, and by who stops it. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile boolean stopping;

    private Waffle(
            Prepared prepared,
            Pool pool,
            Membership members,
            Loops loops,
            ProxyListener listener,
            MemoryBudget memory) {
        this.memory = memory;
        this.prepared = prepared;
        this.started = prepared.config();
        this.pool = pool;
        this.members = members;
        this.loops = loops;
        this.listener = listener;
        this.health = checks(prepared);
        members.onChange(this::membersChanged);
    }

    /**
     * Makes all that is configured ready, and takes the address it is to listen on. Clients that connect wait until it {@linkplain #serve serves}.
     *
     * @throws StartException if that cannot be: its message is one line for the operator
     */
    public static Waffle bind(WaffleConfig config, Plugins plugins) throws StartException {
        MemoryBudget memory = memory(config.limits().memory());
        Prepared prepared = Prepared.of(config, plugins, Optional.empty(), Optional.empty(), memory);
        Pool pool = pool(prepared);
        Membership members = Membership.of(pool, prepared.terms().resolver(), new Random());
        try {
            return bind(prepared, pool, members, memory);
        } catch (StartException | RuntimeException e) {
            members.close();
            pool.close();
            prepared.terms().accessLog().ifPresent(AccessLog::close);
            throw e;
        }
    }

    private static Waffle bind(Prepared prepared, Pool pool, Membership members, MemoryBudget memory)
            throws StartException {
        WaffleConfig config = prepared.config();
        prepared.terms().resolver().ask(config.dns().servers());
        members.change(config.dns(), none -> config.backends());
        InetSocketAddress address =
                address("listen", config.listen(), prepared.terms().resolver());
        Loops loops = startLoops(memory);
        try {
            ProxyListener listener = ProxyListener.bind(
                    prepared.terms(),
                    address,
                    pool,
                    loops,
                    new HttpDate(InstantSource.system()),
                    maxConnections(config.limits().connections()));
            return new Waffle(prepared, pool, members, loops, listener, memory);
        } catch (IOException e) {
            loops.close();
            throw Addresses.cannotListen("listen", address, e);
        }
    }

    /**
     * Serves from now on. Whoever is asked about Waffle can answer by then, and nothing is said before all there is can be had.
     *
     * @param reload what is done when the admin API is asked to reload; returns what is wrong
     * @throws StartException if that cannot be: its message is one line for the operator
     */
    public void serve(Supplier<List<String>> reload) throws StartException {
        WaffleConfig config = prepared.config();
        Resolver resolver = prepared.terms().resolver();
        if (config.metricsListen().isPresent()) {
            operators.metrics(address("metrics.listen", config.metricsListen().get(), resolver), pool);
        }
        if (config.admin().listen().isPresent()) {
            operators.admin(
                    address("admin.listen", config.admin().listen().get(), resolver), pool, members, reload, memory);
        }
        try {
            listener.accept();
        } catch (IOException e) {
            throw Addresses.cannotListen("listen", listener.address(), e);
        }
        if (config.pidFile().isPresent()) {
            PidFile.write(config.pidFile().get());
        }
        serving = true;
        health.start();
        sayWhere(config);
        operators.sayWhere();
        Banner.say(config, pool, prepared.terms().resolver());
        loops.quicken();
    }

    /**
     * Goes by another configuration from now on. Nothing in flight is touched, and what the configuration leaves alone goes on as it was. The
     * address it listens on stays.
     *
     * @param made its strategy, if that has been made; in use when this returns
     * @throws StartException if that cannot be, and then nothing has changed: its message is one line for the operator
     */
    void change(WaffleConfig config, Plugins plugins, Optional<Strategy> made) throws StartException {
        changing.lock();
        try {
            if (stopping) {
                throw new StartException("Waffle is stopping");
            }
            goBy(Prepared.of(config, plugins, Optional.of(prepared), made, memory));
        } finally {
            changing.unlock();
        }
    }

    private void goBy(Prepared next) {
        Prepared former = prepared;
        WaffleConfig config = next.config();
        prepared = next;
        pool.goBy(next.policy());
        listener.change(next.terms());
        changeChecks(former, next);
        List<String> undone = new ArrayList<>();
        next.terms().resolver().ask(config.dns().servers());
        members.change(config.dns(), before -> backends(before, former.config(), config, undone));
        if (!undone.isEmpty()) {
            LOG.log(Level.INFO, "changes of the admin API undone: " + String.join("; ", undone));
        }
        former.terms()
                .accessLog()
                .filter(log -> next.terms().accessLog().filter(log::equals).isEmpty())
                .ifPresent(log -> later(LAST_LINES, log::close));
    }

    /** What the admin API made of them stays as long as the configuration of the backends does; else it is told what goes. */
    private static List<BackendConfig> backends(
            List<BackendConfig> now, WaffleConfig former, WaffleConfig next, List<String> undone) {
        if (next.backends().equals(former.backends())) {
            return now;
        }
        undone.addAll(AdminChanges.undone(former.backends(), now, next.backends()));
        return next.backends();
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
        return new HealthChecks(by.config().health(), pool, terms.backendTls()::socket, new Random(), terms.resolver());
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

    /** Runs something later, on a thread of its own. */
    private static void later(Duration delay, Runnable task) {
        Thread.ofVirtual().name("timer").start(() -> {
            try {
                Thread.sleep(delay);
                Boundary.around("timer", task::run);
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

    private static MemoryBudget memory(long configured) {
        return new MemoryBudget(configured > 0 ? configured : MemoryBound.ofProcess());
    }

    private static Loops startLoops(MemoryBudget memory) throws StartException {
        try {
            return Loops.start(Runtime.getRuntime().availableProcessors(), memory);
        } catch (IOException e) {
            throw new StartException("cannot start the event loops: " + e.getMessage());
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Opens what it writes to anew, which may have been moved away. */
    public void reopenLogs() {
        prepared.terms().accessLog().ifPresent(AccessLog::reopen);
    }

    /** Lets those who ask know that a stop is near, and serves on for as long as they need to hear of it. */
    void announceStop() {
        operators.announceStop();
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
    public void close() {
        say("stopping: waiting for requests in flight");
        stopping = true;
        members.close(); // a change that waits for names waits no longer
        boolean alone = isAlone();
        listener.close();
        operators.close(); // before the pool, which nobody may change any more
        end();
        loops.close();
        prepared.terms().accessLog().ifPresent(AccessLog::close);
        if (serving && started.pidFile().isPresent()) {
            PidFile.remove(started.pidFile().get());
        }
        say("stopped");
        if (alone) {
            changing.unlock();
        }
    }

    private void say(String what) {
        if (serving) {
            LOG.log(Level.INFO, what);
        }
    }

    /** Whether no change is under way, and none begins; one that takes long, in a plugin say, is not waited for. */
    private boolean isAlone() {
        try {
            return changing.tryLock(LAST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends checks and strategy, of which the latter is somebody else's: it has its time, and no more. */
    private void end() {
        Thread ending = Thread.ofPlatform().daemon().name("end").start(() -> {
            health.close();
            pool.close();
        });
        try {
            if (!ending.join(LAST_WAIT)) {
                LOG.log(Level.WARNING, "the checks or the strategy take longer to end, which is not waited for");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayWhere(WaffleConfig config) {
        LOG.log(
                Level.INFO,
                "listening on " + (config.tls().isPresent() ? "https" : "http") + "://" + Addresses.written(address())
                        + ", balancing "
                        + config.loadBalancing().name() + " over "
                        + config.backends().size()
                        + (config.backends().size() == 1 ? " backend" : " backends"));
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
