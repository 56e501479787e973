// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** When each request of an open loop is to be sent: at a fixed rate, whatever becomes of those before. The first are for warming up. */
record Schedule(long start, int rate, int warmUpSeconds, int seconds) {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** How many there are, those for warming up included. */
    long size() {
        return (long) rate * (warmUpSeconds + seconds);
    }

    /** The time by {@link System#nanoTime} at which the request of this number is to be sent. */
    long intended(long number) {
        return start + number / rate * SECOND + number % rate * SECOND / rate;
    }

    boolean counts(long number) {
        return number >= (long) rate * warmUpSeconds;
    }

    /** Waits until it is time for the request of this number. */
    void await(long number) {
        long left = intended(number) - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = intended(number) - System.nanoTime();
        }
    }
}
