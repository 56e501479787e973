// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Jitter;
import java.time.Duration;
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

    /** When it is over for one that is opened now. */
    long end(long now) {
        return nanos == 0 ? Deadline.NONE : now + Jitter.around(nanos, random);
    }
}
