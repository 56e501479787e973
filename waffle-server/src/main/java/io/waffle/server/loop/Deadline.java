// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.time.Duration;

/**
 * Points in time as a {@code long}: nanoseconds since this class was loaded, so that they are positive, can be compared with {@code <}, and
 * cost no object.
 */
public final class Deadline {

    /** Never passes. */
    public static final long NONE = Long.MAX_VALUE;

    private static final long ORIGIN = System.nanoTime();

    private Deadline() {}

    /** Now, on the same scale. */
    public static long now() {
        return System.nanoTime() - ORIGIN;
    }

    /** So far from now. */
    public static long in(Duration time) {
        return now() + time.toNanos();
    }

    /** So many nanoseconds from now. */
    public static long in(long nanos) {
        return now() + nanos;
    }

    /** So many nanoseconds from a moment told by {@link System#nanoTime}. */
    public static long after(long nanoTime, long nanos) {
        return nanoTime - ORIGIN + nanos;
    }

    /** Whether it lies behind us. */
    public static boolean passed(long deadline) {
        return deadline != NONE && now() >= deadline;
    }
}
