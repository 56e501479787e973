// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What may be to be said with every request, at one line per {@link #INTERVAL}; a line says how many went unsaid before it.
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
        say(Level.WARNING, () -> what + (cause == null ? "" : ": " + Faults.describe(cause)));
    }

    /** The same of what need not be a fault, and is put into words only if it is said. */
    public void inform(Supplier<String> what) {
        say(Level.INFO, what);
    }

    private void say(Level level, Supplier<String> what) {
        long now = nanoTime.getAsLong();
        long due = nextLine.get();
        if (now - due < 0 || !nextLine.compareAndSet(due, now + INTERVAL.toNanos())) {
            unsaid.incrementAndGet();
            return;
        }
        long before = unsaid.getAndSet(0);
        LOG.log(
                level,
                prefix + what.get() + (before == 0 ? "" : " (and " + before + " more since the last such line)"));
    }
}
