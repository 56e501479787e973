// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Jitter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long a backend connection is used: about the time that is configured, each a little more or less, so that those that were opened in one
 * moment do not all end in one.
 *
 * <p>Threading: any thread, if the random generator is for any.
 */
final class Lifetime {

    private final long nanos;
    private final RandomGenerator random;

    /**
     * @param time zero for no bound
     */
    Lifetime(Duration time, RandomGenerator random) {
        this.nanos = time.toNanos();
        this.random = random;
    }

    boolean isLike(Lifetime other) {
        return nanos == other.nanos;
    }

    /**
     * How long a connection may idle, in nanoseconds, that the backend says it keeps for so many seconds: a fifth less, but one second at most, since its
     * time began before the response came here and a request takes time to get there.
     */
    static long within(int seconds) {
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        return nanos - Math.min(nanos / 5, TimeUnit.SECONDS.toNanos(1));
    }

    /** When it is over for one that is opened now. */
    long end(long now) {
        return nanos == 0 ? Deadline.NONE : now + Jitter.around(nanos, random);
    }
}
