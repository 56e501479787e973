// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.loop.Jitter;
import io.waffle.server.pool.Pool;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Which backends a pool is meant to have: what is configured, and where its names are. The one place that changes the members of a pool,
 * whoever asks for it.
 *
 * <p>Threading: any thread; changes are made one at a time, and wait for names they bring with them, two seconds at most.
 */
public final class Membership implements AutoCloseable {

    private final Consumer<List<BackendConfig>> members;
    private final RandomGenerator random;
    private final Names names;
    private final ReentrantLock changing = new ReentrantLock();

    /** With single addresses of which something else is wanted than of their names. Written under the lock, as the two below are. */
    private volatile List<BackendConfig> configured = List.of();

    private volatile List<BackendConfig> now = List.of();
    private Duration interval = Duration.ZERO;

    /** Counts the intervals there were: who looks by one that is over ends. */
    private int round;

    private volatile Runnable changed = () -> {};

    /**
     * Nothing is configured yet.
     *
     * @param members is given the members, and makes them so
     * @param lookup looks names up; those that do not resolve, or not in time, are not in what it returns
     * @param random for the jitter
     */
    public Membership(
            Consumer<List<BackendConfig>> members,
            Function<Collection<String>, Map<String, List<InetAddress>>> lookup,
            RandomGenerator random) {
        this.members = members;
        this.names = new Names(lookup);
        this.random = random;
    }

    /**
     * Of a pool; it has no members by this yet.
     *
     * @param random for the jitter
     */
    public static Membership of(Pool pool, RandomGenerator random) {
        return new Membership(pool::update, Lookup::of, random);
    }

    /** Calls this behind each change of members from now on, in place of what was called before. */
    public void onChange(Runnable task) {
        changed = task;
    }

    /** What is configured now, in its order: a name is one, however many addresses it has. */
    public List<BackendConfig> configured() {
        return configured.stream()
                .filter(backend -> backend.address().isEmpty())
                .toList();
    }

    /** What the pool has been given: each address of a name is one. */
    public List<BackendConfig> members() {
        return now;
    }

    /**
     * Changes what is configured. When this returns, the change has taken effect; if the function throws, there is none.
     *
     * <p>A member at an address of a name may be in the list, too, if something else is wanted of it than of the name. It stays there for as long
     * as it is a member.
     *
     * @param change what to make of the present list; each id once in what it returns
     */
    public void change(UnaryOperator<List<BackendConfig>> change) {
        changing.lock();
        try {
            List<BackendConfig> next = List.copyOf(change.apply(configured));
            configured = next;
            learn();
            publish();
        } finally {
            changing.unlock();
        }
    }

    /**
     * Looks names up again and again from now on.
     *
     * @param interval how often; zero for never: then a name is one backend, and looked up for each connection
     */
    public void lookEvery(Duration interval) {
        changing.lock();
        try {
            if (!interval.equals(this.interval)) {
                this.interval = interval;
                learn();
                publish();
                int mine = ++round;
                if (!interval.isZero()) {
                    Thread.ofVirtual().name("names").start(() -> refreshEvery(interval, mine));
                }
            }
        } finally {
            changing.unlock();
        }
    }

    /** Looks all names up now; false if this is not done by that round any more. */
    boolean refresh(int mine) {
        changing.lock();
        try {
            if (mine != round) {
                return false;
            }
            names.refresh(configured);
            publish();
            return true;
        } finally {
            changing.unlock();
        }
    }

    /** Looks nothing up any more. */
    @Override
    public void close() {
        lookEvery(Duration.ZERO);
    }

    private void refreshEvery(Duration time, int mine) {
        try {
            do {
                Thread.sleep(Jitter.around(time, random));
            } while (refresh(mine));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private void learn() {
        if (!interval.isZero()) {
            names.learn(configured);
        }
    }

    private void publish() {
        List<BackendConfig> next = interval.isZero() ? configured() : names.expand(configured);
        configured = configured.stream()
                .filter(backend -> backend.address().isEmpty() || next.contains(backend))
                .toList();
        if (!next.equals(now)) {
            now = next;
            members.accept(next);
            changed.run();
        }
    }
}
