// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Warnings that may come with every request, at one line per {@link #INTERVAL}; a line says how many went unsaid before it.
 *
 * <p>Threading: any thread.
 */
public final class FaultLog {

    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger("io.waffle.pool");

    private final String prefix;
    private final LongSupplier nanoTime;
    private final AtomicLong nextLine;
    private final AtomicLong unsaid = new AtomicLong();

    /** Begins each line with the prefix. */
    public FaultLog(String prefix, LongSupplier nanoTime) {
        this.prefix = prefix;
        this.nanoTime = nanoTime;
        nextLine = new AtomicLong(nanoTime.getAsLong());
    }

    /** Says it, or counts it for the next line. */
    public void warn(String what, @Nullable Throwable cause) {
        long now = nanoTime.getAsLong();
        long due = nextLine.get();
        if (now - due < 0 || !nextLine.compareAndSet(due, now + INTERVAL.toNanos())) {
            unsaid.incrementAndGet();
            return;
        }
        long before = unsaid.getAndSet(0);
        LOG.log(
                System.Logger.Level.WARNING,
                prefix
                        + what
                        + (cause == null ? "" : ": " + Faults.describe(cause))
                        + (before == 0 ? "" : " (and " + before + " more since the last such line)"));
    }
}
