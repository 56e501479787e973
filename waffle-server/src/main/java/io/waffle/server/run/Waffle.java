// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.admin.AdminPool;
import io.waffle.server.admin.AdminRoutes;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.proxy.AccessLog;
import io.waffle.server.proxy.ClientPlaces;
import io.waffle.server.proxy.ProxyListener;
import io.waffle.server.proxy.Routing;
import io.waffle.server.proxy.Serving;
import io.waffle.server.proxy.Tallies;
import io.waffle.server.proxy.Upstream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A load balancer: wires the parts of a configuration together, starts them, changes them under load, and stops them in good order. */
public final class Waffle implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("waffle");

    /** A stop takes what its drain takes, and twice this at most. */
    private static final Duration LAST_WAIT = Duration.ofMillis(100);

    /** An access log that was replaced stays open for those that are about to write to it. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    private final Loops loops;
    private final MemoryBudget memory;
    private final Tallies tallies;
    private final Resolver resolver;
    private final Listeners listeners;
    private final OperatorListeners operators =
            new OperatorListeners(this::prepared, this::pools, this::routes, this::changeRoute);

    /** What it goes by now; changed by one thread at a time, as the others. */
    private volatile LoadedConfig prepared;

    private volatile Map<String, LivePool> pools = Map.of();

    /** The addresses that are taken, up to where it serves. */
    private Listeners.@Nullable Change binding;

    private volatile Routing routing;

    /** What does not change while it runs is as it was then. */
    private final WaffleConfig started;

    /** Whether it ever did; a start that ends before has nothing to say of its stop. */
    private volatile boolean serving;

    /** Held by who changes what Waffle goes by, and by who stops it. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile boolean stopping;

    private Waffle(LoadedConfig prepared, Loops loops, MemoryBudget memory) {
        this.memory = memory;
        this.prepared = prepared;
        this.started = prepared.config();
        this.loops = loops;
        this.resolver = prepared.resolver();
        ClientPlaces places = new ClientPlaces(MostConnections.of(started.limits()), memory);
        this.tallies = places.tallies();
        this.listeners = new Listeners(resolver, loops, new HttpDate(InstantSource.system()), places);
        this.pools = livePools(prepared);
        this.routing = routing(prepared, pools, Optional.empty());
    }

    /**
     * Makes all that is configured ready, and takes the addresses it is to listen on. Clients that connect wait until it {@linkplain #serve serves}.
     *
     * @throws StartException if that cannot be: its message is one line for the operator
     */
    public static Waffle bind(WaffleConfig config, Plugins plugins) throws StartException {
        MemoryBudget memory = memory(config.limits().memory());
        LoadedConfig prepared = LoadedConfig.of(config, plugins, Optional.empty(), Premade.NONE, memory);
        Loops loops = null;
        Waffle waffle = null;
        try {
            loops = startLoops(memory);
            waffle = new Waffle(prepared, loops, memory);
            waffle.bind();
            return waffle;
        } catch (StartException | RuntimeException e) {
            if (waffle != null) {
                waffle.pools.values().forEach(LivePool::close);
            } else {
                prepared.pools()
                        .values()
                        .forEach(pool -> pool.strategies().values().forEach(Plugins::closeUnused));
            }
            if (loops != null) {
                loops.close();
            }
            prepared.accessLog().ifPresent(AccessLog::close);
            throw e;
        }
    }

    private void bind() throws StartException {
        resolver.ask(started.dns().servers());
        LivePool.forEach(pools.values(), LivePool::fill);
        binding = listeners.bind(serving(prepared, routing), prepared.frontends());
    }

    private static Serving serving(LoadedConfig by, Routing routing) {
        return new Serving(routing, by.config().leniency(), by.accessLog());
    }

    private Map<String, LivePool> livePools(LoadedConfig by) {
        Map<String, LivePool> live = new LinkedHashMap<>();
        by.pools().forEach((name, pool) -> {
            LivePool now = pools.get(name);
            live.put(name, now != null ? now : new LivePool(pool, resolver, this::membersChanged));
        });
        return live;
    }

    private Routing routing(LoadedConfig by, Map<String, LivePool> live, Optional<Routing> former) {
        Map<String, Upstream> upstreams = new LinkedHashMap<>();
        by.pools()
                .forEach((name, pool) -> upstreams.put(
                        name,
                        new Upstream(
                                pool.config(),
                                Objects.requireNonNull(live.get(name)).pool(),
                                pool.tls(),
                                pool.strategies())));
        return Routing.of(
                by.routes(),
                upstreams,
                by.config().listeners().stream()
                        .filter(listener -> listener.tls().isPresent())
                        .map(listener -> listener.address().port())
                        .filter(port -> port >= 0)
                        .findFirst(),
                by.config().errors(),
                by.config().replay(),
                resolver,
                loops,
                tallies,
                former);
    }

    private void membersChanged() {
        Routing now = routing;
        if (now != null) { // the first members come before the first routes
            now.membersChanged();
        }
    }

    /**
     * Serves from now on. Whoever is asked about Waffle can answer by then, and nothing is said before all there is can be had.
     *
     * @param reload what is done when the admin API is asked to reload; returns what is wrong
     * @throws StartException if that cannot be: its message is one line for the operator
     */
    public void serve(Supplier<List<String>> reload) throws StartException {
        WaffleConfig config = started;
        if (config.metricsListen().isPresent()) {
            operators.metrics(
                    Listeners.address("metrics.listen", config.metricsListen().get(), resolver));
        }
        if (config.admin().listen().isPresent()) {
            operators.admin(
                    Listeners.address("admin.listen", config.admin().listen().get(), resolver), reload, memory);
        }
        Listeners.Change bound = Objects.requireNonNull(binding);
        binding = null;
        bound.make(serving(prepared, routing), prepared.frontends());
        if (config.pidFile().isPresent()) {
            PidFile.write(config.pidFile().get());
        }
        serving = true;
        pools.values().forEach(LivePool::start);
        Banner.sayWhere(prepared.config(), listeners.addresses());
        operators.sayWhere();
        Banner.say(config, pools.values(), resolver);
        loops.quicken();
    }

    /**
     * Goes by another configuration from now on. Nothing in flight is touched, and what the configuration leaves alone goes on as it was.
     *
     * @param made what has been made of it already; in use when this returns
     * @throws StartException if that cannot be, and then nothing has changed: its message is one line for the operator
     */
    void change(WaffleConfig config, Plugins plugins, Premade made) throws StartException {
        changing.lock();
        try {
            if (stopping) {
                throw new StartException("Waffle is stopping");
            }
            List<String> undone = Collections.synchronizedList(new ArrayList<>());
            LoadedConfig next = LoadedConfig.of(config, plugins, Optional.of(prepared), made, memory);
            goBy(ChangedRoutes.carried(prepared, next, undone), made, undone);
        } finally {
            changing.unlock();
        }
    }

    private void goBy(LoadedConfig next, Premade made, List<String> undone) throws StartException {
        Map<String, LivePool> live = livePools(next);
        Routing routes = routing(next, live, Optional.of(routing));
        Serving by = serving(next, routes);
        List<LivePool> fresh = live.values().stream()
                .filter(pool -> !pools.containsValue(pool))
                .toList();
        Listeners.Change change;
        try {
            change = listeners.bind(by, next.frontends());
        } catch (StartException | RuntimeException e) {
            next.abandon(prepared, made); // pools without members hold nothing else
            throw e;
        }
        resolver.ask(next.config().dns().servers());
        LivePool.forEach(fresh, LivePool::fill);
        LivePool.forEach(
                live.values().stream().filter(pool -> !fresh.contains(pool)).toList(),
                pool -> pool.welcome(
                        Objects.requireNonNull(next.pools().get(pool.pool().name()))));
        goBy(next, live, routes, change, by, undone);
        fresh.forEach(LivePool::start);
    }

    private void goBy(
            LoadedConfig next,
            Map<String, LivePool> live,
            Routing routes,
            Listeners.Change change,
            Serving by,
            List<String> undone)
            throws StartException {
        LoadedConfig former = prepared;
        Map<String, LivePool> formerPools = pools;
        Routing formerRoutes = routing;
        prepared = next;
        pools = live;
        routing = routes;
        List<ProxyListener> left = change.make(by, next.frontends());
        Banner.sayWhere(next.config(), change.fresh());
        formerRoutes.replacedBy(routes);
        LivePool.forEach(
                live.values().stream().filter(formerPools::containsValue).toList(),
                pool -> pool.goBy(
                        Objects.requireNonNull(next.pools().get(pool.pool().name())), undone));
        if (!undone.isEmpty()) {
            LOG.log(Level.INFO, "changes of the admin API undone: " + String.join("; ", undone));
        }
        left.forEach(listener -> Thread.ofVirtual().name("closing").start(listener::close));
        Duration drain = former.config().timeouts().drain();
        formerPools.values().stream().filter(pool -> !live.containsValue(pool)).forEach(pool -> pool.retire(drain));
        former.accessLog()
                .filter(log -> next.accessLog().filter(log::equals).isEmpty())
                .ifPresent(log -> LivePool.later(LAST_LINES, log::close));
    }

    /** Nothing is touched but where the next requests go. */
    private Optional<RouteConfig> changeRoute(String name, UnaryOperator<RouteConfig> change) {
        changing.lock();
        try {
            Optional<LoadedConfig> changed = ChangedRoutes.of(prepared, name, change);
            if (changed.isEmpty()) {
                return Optional.empty();
            }
            LoadedConfig next = changed.get();
            Routing former = routing;
            Routing now = routing(next, pools, Optional.of(former));
            prepared = next;
            routing = now;
            listeners.serve(serving(next, now), next.frontends());
            former.replacedBy(now);
            return ChangedRoutes.find(next, name);
        } finally {
            changing.unlock();
        }
    }

    private AdminRoutes routes() {
        return ChangedRoutes.administered(prepared, routing);
    }

    private LoadedConfig prepared() {
        return prepared;
    }

    private List<AdminPool> pools() {
        return pools.values().stream().map(LivePool::administered).toList();
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

    /** Where it listens: the first of its listeners. */
    public SocketAddress address() {
        return listeners.addresses().values().iterator().next();
    }

    /** Opens what it writes to anew, which may have been moved away. */
    public void reopenLogs() {
        prepared.accessLog().ifPresent(AccessLog::reopen);
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
        pools.values().forEach(LivePool::freeze); // a change that waits for names waits no longer
        boolean alone = isAlone();
        if (binding != null) {
            binding.abandon(); // it never served
        }
        listeners.close();
        operators.close(); // before the pool, which nobody may change any more
        end();
        routing.close();
        loops.close();
        prepared.accessLog().ifPresent(AccessLog::close);
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
        Thread ending = Thread.ofPlatform().daemon().name("end").start(() -> pools.values()
                .forEach(LivePool::close));
        try {
            if (!ending.join(LAST_WAIT)) {
                LOG.log(Level.WARNING, "the checks or the strategy take longer to end, which is not waited for");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
