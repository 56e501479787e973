// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Round robin by weight, for when the strategy cannot choose: what the operator said of the backends holds whoever balances. It needs nothing
 * that was worked out before: the open members are laid end to end, each as long as its weight, and the n-th choice falls at the fractional part
 * of n times the golden ratio, which spreads any number of points about as evenly as can be (Knuth, TAOCP 3, 6.4, theorem S).
 *
 * <p>Threading: any thread, never blocks.
 */
final class Rotation {

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final double UNIT = 0x1p-53;

    private final AtomicLong position;

    /** Starts at random, so that many processes do not all begin with the same backend. */
    Rotation(RandomGenerator random) {
        position = new AtomicLong(random.nextInt());
    }

    /** The next open member; null if there is none. */
    @Nullable
    PooledBackend next(Snapshot snapshot, PickContext request) {
        return at(position.getAndIncrement(), snapshot.members(), request);
    }

    /** What {@link #next} would return, without moving on. */
    @Nullable
    PooledBackend peek(Snapshot snapshot, PickContext request) {
        return at(position.get(), snapshot.members(), request);
    }

    /** What is full by the second pass makes the line shorter: then the last one met has the rest of it. */
    private static @Nullable PooledBackend at(long number, List<PooledBackend> members, PickContext request) {
        long left = (long) (((number * GOLDEN) >>> 11) * UNIT * sum(members, request));
        PooledBackend last = null;
        for (int i = 0; i < members.size() && left >= 0; i++) {
            PooledBackend member = members.get(i);
            if (request.isOpen(member)) {
                last = member;
                left -= member.weight();
            }
        }
        return last;
    }

    private static long sum(List<PooledBackend> members, PickContext request) {
        long sum = 0;
        for (int i = 0; i < members.size(); i++) {
            PooledBackend member = members.get(i);
            sum += request.isOpen(member) ? member.weight() : 0;
        }
        return sum;
    }
}
