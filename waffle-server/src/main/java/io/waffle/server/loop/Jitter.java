// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Makes times differ by up to a tenth either way, so that what began at one moment, in one process or in many, does not go on in step. */
public final class Jitter {

    private static final double SHARE = 0.1;

    private Jitter() {}

    /** About so long. */
    public static Duration around(Duration time, RandomGenerator random) {
        return Duration.ofNanos(around(time.toNanos(), random));
    }

    /** About so many nanoseconds. */
    public static long around(long nanos, RandomGenerator random) {
        return (long) (nanos * (1 - SHARE + 2 * SHARE * random.nextDouble()));
    }
}
