// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.pool.Pool;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Which backends a pool is meant to have: the one place that changes its members, whoever asks for it.
 *
 * <p>Threading: any thread; changes are made one at a time.
 */
public final class Membership {

    private final Pool pool;
    private final Runnable changed;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile List<BackendConfig> configured;

    /**
     * Of a pool that has these already.
     *
     * @param changed called behind each change
     */
    public Membership(Pool pool, List<BackendConfig> configured, Runnable changed) {
        this.pool = pool;
        this.configured = List.copyOf(configured);
        this.changed = changed;
    }

    /** What is configured now, in its order. */
    public List<BackendConfig> configured() {
        return configured;
    }

    /**
     * Changes what is configured. When this returns, the change has taken effect; if the function throws, there is none.
     *
     * @param change what to make of the present list; each id once in what it returns
     */
    public void change(UnaryOperator<List<BackendConfig>> change) {
        changing.lock();
        try {
            List<BackendConfig> next = List.copyOf(change.apply(configured));
            pool.update(next);
            configured = next;
        } finally {
            changing.unlock();
        }
        changed.run();
    }
}
