// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock moved by hand. It begins just below the overflow, which {@link System#nanoTime} may do, too. */
public final class FakeClock implements LongSupplier {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

    @Override
    public long getAsLong() {
        return now.get();
    }

    void advance(Duration by) {
        now.addAndGet(by.toNanos());
    }
}
