// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.HealthConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.Boundary;
import io.waffle.server.loop.Jitter;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Active health checks: a virtual thread per backend looks at it again and again, and marks it up or down in its pool. A backend counts as
 * up until checks say otherwise; the first look is taken at once.
 *
 * <p>Without a path, or disabled, this does nothing and loads nothing.
 *
 * <p>Threading: any thread.
 */
public final class HealthChecks implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.waffle.health");

    private final HealthConfig config;
    private final Pool pool;
    private final Probe probe;
    private final RandomGenerator random;

    /** Guarded by this, as all below. */
    private final Map<PooledBackend, Thread> watchers = new HashMap<>();

    private final Semaphore places;

    private @Nullable ExecutorService executor;
    private boolean closed;

    /**
     * Prepares checks; {@link #start} begins them.
     *
     * @param tls how {@code https} backends are trusted; not used before the first check
     * @param random for the jitter; used by many threads
     * @param resolver knows where names of backends are
     * @param proxyVersion of the PROXY protocol, by which each connection says that it is for no client; 0 for none
     */
    public HealthChecks(
            HealthConfig config, Pool pool, Secure tls, RandomGenerator random, Resolver resolver, int proxyVersion) {
        this.config = config;
        this.pool = pool;
        this.probe = config.kind() == HealthConfig.Kind.TCP
                ? new TcpProbe(resolver, BackendConfig::checkPort, proxyVersion, config.timeout())
                : new HttpProbe(config, tls, resolver, proxyVersion);
        this.random = random;
        this.places = new Semaphore(config.concurrency());
    }

    /** Begins to watch every backend of the pool. */
    public void start() {
        refresh();
    }

    /** Begins to watch the backends that have joined the pool since; watching those that left ends at once. */
    public synchronized void refresh() {
        if (!config.active() || closed) {
            return;
        }
        watchers.entrySet().removeIf(watcher -> endsIfDeparted(watcher.getKey(), watcher.getValue()));
        for (PooledBackend backend : pool.backends()) {
            watchers.computeIfAbsent(backend, unwatched -> Thread.ofVirtual()
                    .name("health " + unwatched.id())
                    .start(() -> watch(unwatched)));
        }
    }

    private static boolean endsIfDeparted(PooledBackend backend, Thread watcher) {
        if (backend.isMember()) {
            return false;
        }
        watcher.interrupt(); // whatever it waits for
        return true;
    }

    /** Takes back what checks have against any backend, if there are to be no checks any more; after {@link #close}. */
    public void forget() {
        pool.backends().forEach(pool::forgetChecks);
    }

    /** Ends all checks. When this returns, none of its threads is left, and nothing is marked any more. */
    @Override
    public void close() {
        List<Thread> ending;
        synchronized (this) {
            closed = true;
            ending = new ArrayList<>(watchers.values());
            watchers.clear();
        }
        ending.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread watcher : ending) {
            interrupted |= !joined(watcher);
        }
        synchronized (this) {
            if (executor != null) {
                executor.shutdownNow();
                executor.close();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(PooledBackend backend) {
        Streak streak = new Streak(config.rise(), config.fall());
        try {
            while (backend.isMember() && !isClosed()) {
                Boundary.around("checking " + backend.id(), () -> turn(backend, streak));
                Thread.sleep(Jitter.around(config.interval(), random));
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void turn(PooledBackend backend, Streak streak) throws InterruptedException {
        int changes = backend.changes();
        Optional<String> complaint = look(backend);
        if (complaint.isEmpty()) {
            streak.pass(changes);
        } else {
            streak.fail();
        }
        if (!isClosed()) {
            conclude(backend, streak, changes, complaint.orElse(""));
        }
    }

    private void conclude(PooledBackend backend, Streak streak, int changes, String complaint) {
        if (streak.falls() && backend.isUp()) {
            pool.markDown(backend); // it is so before it is said
            LOG.log(
                    System.Logger.Level.WARNING,
                    "backend " + backend + " is down: " + check(backend) + " failed " + config.fall()
                            + " times in a row, last with: " + complaint);
        } else if (streak.rises() && !backend.isWell()) {
            boolean wasUp = backend.isUp();
            pool.markUp(backend, changes);
            if (!wasUp && backend.isUp()) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "backend " + backend + " is up again: " + check(backend) + " succeeded " + config.rise()
                                + " times in a row");
            }
        }
    }

    private String check(PooledBackend backend) {
        return config.kind() == HealthConfig.Kind.TCP
                ? "connecting to port " + backend.config().checkPort()
                : config.method() + " " + HttpProbe.path(config, backend.config());
    }

    /** What is wrong with the backend. Failing to look counts, too: a thread that ends for that would leave the backend as it is for ever. */
    private Optional<String> look(PooledBackend backend) throws InterruptedException {
        places.acquire();
        try {
            return within(backend);
        } catch (ExecutionException | RuntimeException e) {
            return Optional.of(reason(e));
        } finally {
            places.release();
        }
    }

    /** One deadline for names, connecting, head and body. */
    private Optional<String> within(PooledBackend backend) throws InterruptedException, ExecutionException {
        Future<Optional<String>> look = threads().submit(() -> probe.complaint(backend));
        try {
            return look.get(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.of("no answer within " + config.timeout().toMillis() + " ms");
        } finally {
            look.cancel(true);
        }
    }

    /** The innermost message: the client wraps a refused connection in an exception that has none. */
    private static String reason(Throwable problem) {
        String words = "";
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            words = cause.getMessage() != null ? cause.getMessage() : words;
        }
        return (words.isEmpty() ? problem.toString() : words).replaceAll("\\p{Cntrl}+", " ");
    }

    private synchronized ExecutorService threads() throws InterruptedException {
        if (closed) {
            throw new InterruptedException();
        }
        ExecutorService existing = executor;
        if (existing != null) {
            return existing;
        }
        ExecutorService made = Executors.newVirtualThreadPerTaskExecutor();
        executor = made;
        return made;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Waits for the thread's end; returns false if the wait was interrupted, and waits on all the same. */
    private static boolean joined(Thread thread) {
        boolean undisturbed = true;
        while (true) {
            try {
                thread.join();
                return undisturbed;
            } catch (InterruptedException e) {
                undisturbed = false;
            }
        }
    }
}
