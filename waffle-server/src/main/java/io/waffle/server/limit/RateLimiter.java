// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.limit;

import java.time.Duration;

/**
 * How often each key may: at a steady rate, and so many at once. Whoever has used up those gets one back each interval, so nobody waits for the end of a
 * window, and none passes twice what it may around one.
 *
 * <p>Threading: any thread.
 */
public final class RateLimiter {

    private final RateTable table;
    private final long interval;
    private final long tolerance;
    private final long own;

    /**
     * Counts in a table, which others may share.
     *
     * @param own what its keys are told apart by from those of others in the table
     * @param count how many in each of the periods, positive
     * @param period positive, and of no less nanoseconds than {@code count}
     * @param burst how many at once, positive
     */
    public RateLimiter(RateTable table, long own, int count, Duration period, int burst) {
        if (count <= 0 || burst <= 0 || period.toNanos() < count) {
            throw new IllegalArgumentException("rate: " + count + " in " + period + ", " + burst + " at once");
        }
        this.table = table;
        this.own = own;
        this.interval = period.toNanos() / count;
        this.tolerance = Math.multiplyExact(interval, burst - 1L);
    }

    /**
     * Takes one for this key, if it may have it now.
     *
     * @param key as {@link KeyedHash} makes it
     * @param now as {@link io.waffle.server.loop.Deadline#now}
     * @return 0, or in how many nanoseconds it may have one; nothing is taken then
     */
    public long take(long key, long now) {
        return table.take(key ^ own, now, interval, tolerance);
    }
}
