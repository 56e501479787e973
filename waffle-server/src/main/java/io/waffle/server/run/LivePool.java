// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.admin.AdminPool;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.discovery.Membership;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.health.HealthChecks;
import io.waffle.server.loop.Boundary;
import io.waffle.server.pool.Pool;
import io.waffle.server.proxy.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * A pool while it runs: its members, where they come from, and what checks find of them.
 *
 * <p>Threading: changed by one thread at a time.
 */
final class LivePool implements AutoCloseable {

    private final Pool pool;
    private final Membership members;
    private final Resolver resolver;
    private final Runnable changed;
    private volatile LoadedPool prepared;
    private volatile HealthChecks health;

    /**
     * Without members yet.
     *
     * @param changed called behind each change of its members
     */
    LivePool(LoadedPool prepared, Resolver resolver, Runnable changed) {
        this.prepared = prepared;
        this.resolver = resolver;
        this.changed = changed;
        this.pool = new Pool(
                prepared.config().name(),
                List.of(),
                prepared.policy(),
                LivePool::later,
                System::nanoTime,
                ThreadLocalRandom.current());
        this.members = Membership.of(pool, resolver, new Random());
        this.health = checks();
        pool.queuePlaces(prepared.config().limits().queue());
        members.onChange(this::membersChanged);
    }

    /** Does that to all of them at once: each may wait for names. */
    static void forEach(Collection<LivePool> pools, Consumer<LivePool> task) {
        if (pools.size() == 1) {
            pools.forEach(task);
            return;
        }
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> tasks = new ArrayList<>();
            pools.forEach(pool -> tasks.add(each.submit(() -> task.accept(pool))));
            for (Future<?> one : tasks) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Takes the members that are configured, looking their names up. */
    void fill() {
        PoolConfig config = prepared.config();
        members.change(config.dns(), none -> config.backends());
    }

    /** Begins to check them. */
    void start() {
        health.start();
    }

    private void membersChanged() {
        health.refresh();
        changed.run();
    }

    /** Has what is new of it ready for requests, before it goes by it. */
    void welcome(LoadedPool next) {
        pool.welcome(next.policy());
    }

    /**
     * Goes by something else from now on. What the admin API made of the members stays as long as the configuration of the backends does.
     *
     * @param undone is told what of that goes
     */
    void goBy(LoadedPool next, List<String> undone) {
        LoadedPool former = prepared;
        PoolConfig config = next.config();
        prepared = next;
        pool.queuePlaces(config.limits().queue());
        pool.goBy(next.policy());
        changeChecks(former, next);
        members.change(config.dns(), now -> {
            if (config.backends().equals(former.config().backends())) {
                return now;
            }
            undone.addAll(AdminChanges.undone(former.config().backends(), now, config.backends()));
            return config.backends();
        });
    }

    private void changeChecks(LoadedPool former, LoadedPool next) {
        boolean same = next.config().health().equals(former.config().health())
                && next.config().proxyProtocol().send()
                        == former.config().proxyProtocol().send()
                && next.tls().equals(former.tls());
        if (same) {
            return;
        }
        HealthChecks ended = health;
        ended.close();
        if (!next.config().health().active()) {
            ended.forget();
        }
        health = checks();
        health.start();
    }

    private HealthChecks checks() {
        LoadedPool by = prepared;
        return new HealthChecks(
                by.config().health(),
                pool,
                by.tls()::socket,
                new Random(),
                resolver,
                by.config().proxyProtocol().send().version());
    }

    /** As requests go to it. */
    Upstream upstream() {
        return new Upstream(prepared.config(), pool, prepared.tls(), prepared.strategies());
    }

    /** As it is administered. */
    AdminPool administered() {
        return new AdminPool(pool, members, () -> prepared.config());
    }

    Pool pool() {
        return pool;
    }

    PoolConfig config() {
        return prepared.config();
    }

    /** What is configured of its backends, and what the admin API has made of that. */
    List<BackendConfig> configured() {
        return members.configured();
    }

    /** Looks no name up any more; a change that waits for names waits no longer. */
    void freeze() {
        members.close();
    }

    /** Ends once what is under way with it has ended, or after this time: no route leads to it any more. */
    void retire(Duration time) {
        members.close();
        health.close();
        later(time, pool::close);
    }

    @Override
    public void close() {
        members.close();
        health.close();
        pool.close();
    }

    /** Runs something later, on a thread of its own. */
    static void later(Duration delay, Runnable task) {
        Thread.ofVirtual().name("timer").start(() -> {
            try {
                Thread.sleep(delay);
                Boundary.around("timer", task::run);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does, as things are
            }
        });
    }
}
