// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Plain round robin, for when the strategy cannot choose. It knows no weights: it is there to keep requests served, not to be a strategy.
 *
 * <p>Threading: any thread, never blocks.
 */
final class Rotation {

    private final AtomicInteger position;

    /** Starts at random, so that many processes do not all begin with the first backend. */
    Rotation(RandomGenerator random) {
        position = new AtomicInteger(random.nextInt());
    }

    /** The next open member; null if there is none. */
    @Nullable
    PooledBackend next(Snapshot snapshot, PickContext request) {
        return snapshot.members().isEmpty() ? null : from(position.getAndIncrement(), snapshot, request);
    }

    /** What {@link #next} would return, without moving on. */
    @Nullable
    PooledBackend peek(Snapshot snapshot, PickContext request) {
        return snapshot.members().isEmpty() ? null : from(position.get(), snapshot, request);
    }

    private static @Nullable PooledBackend from(int position, Snapshot snapshot, PickContext request) {
        return snapshot.nextOpen(
                request, Integer.remainderUnsigned(position, snapshot.members().size()));
    }
}
