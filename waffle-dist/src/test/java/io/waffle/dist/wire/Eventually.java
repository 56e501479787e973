// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What comes true in its own time, and tells nobody. */
final class Eventually {
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(RawClient.PATIENCE_MILLIS);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private Eventually() {}

    /** Looks again and again; false if it never came true. */
    static boolean holds(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE) {
                return false;
            }
            LockSupport.parkNanos(PAUSE);
        }
        return true;
    }
}
