// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for a backend that is full, with an eye on the client: one that leaves takes its place in the queue with it, and nothing of its request
 * is sent. Called by poking the client's channel, since that is what its thread waits for.
 */
final class Queueing {

    private final Pool pool;
    private final Duration most;

    /**
     * @param most how long to wait
     */
    Queueing(Pool pool, Duration most) {
        this.pool = pool;
        this.most = most;
    }

    /**
     * Waits for a backend for the exchange, behind those that are older.
     *
     * @return the backend, counted in; null if none was to be had in time, or too many wait
     */
    @Nullable
    PooledBackend await(Exchange x) throws ExchangeException {
        long end = Math.min(Deadline.in(most), x.clock.end());
        if (!pool.enqueue(x.selection, x.selection.begun(), x.client.channel()::poke)) {
            return null;
        }
        long since = Deadline.now();
        boolean wanted = false;
        try {
            while (!x.selection.isCalled() && !Deadline.passed(end)) {
                x.watch.await(end);
            }
            x.watch.look(ClientWatch.Ahead.STATUS);
            wanted = true;
            return pool.dequeue(x.selection);
        } finally {
            if (!wanted) {
                pool.abandon(x.selection);
            }
            x.client.channel().deadline(Deadline.NONE);
            x.course.waited(Deadline.now() - since);
        }
    }
}
