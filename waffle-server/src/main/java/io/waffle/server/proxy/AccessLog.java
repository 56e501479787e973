// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.AccessLogConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.loop.LineQueue;
import io.waffle.server.pool.FaultLog;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A line for each exchange, written by a thread of its own. An exchange never waits for the disk: when the writer falls behind, lines are
 * dropped and counted.
 *
 * <p>Threading: {@link #write} by any thread.
 */
public final class AccessLog implements AutoCloseable {

    private final AccessLine format;
    private final LineSink sink;
    private final InstantSource clock;
    private final FaultLog faults;
    private final LineQueue lines;

    private AccessLog(AccessLine format, LineSink sink, InstantSource clock, LongSupplier nanoTime) {
        this.format = format;
        this.sink = sink;
        this.clock = clock;
        this.faults = new FaultLog("access log: ", nanoTime);
        this.lines = new LineQueue("access log", new SinkWriter());
    }

    /** Opens it, if there is to be one. */
    public static Optional<AccessLog> open(WaffleConfig config) throws IOException {
        AccessLogConfig wanted = config.accessLog();
        if (!wanted.enabled()) {
            return Optional.empty();
        }
        AccessLine format =
                new AccessLine(wanted.format(), config.loadBalancing().name());
        return Optional.of(new AccessLog(format, LineSink.of(wanted), InstantSource.system(), System::nanoTime));
    }

    /** Tells of an exchange that is over. */
    void write(Exchange x, @Nullable Fault fault) {
        lines.offer(format.of(x, fault, clock.instant(), System.nanoTime() - x.clock.begun()));
    }

    /** Writes what is queued, as far as the disk takes it within two seconds. */
    @Override
    public void close() {
        lines.close();
    }

    private final class SinkWriter implements LineQueue.Writer {

        @Override
        public void write(List<String> batch, long dropped) {
            long lost = dropped;
            try {
                sink.write(batch);
            } catch (IOException e) {
                lost += batch.size();
                faults.warn("cannot be written: " + e, null);
            }
            if (lost > 0) {
                faults.warn(lost + " lines dropped: it is not written fast enough", null);
            }
        }

        @Override
        public void end() {
            try {
                sink.close();
            } catch (IOException e) {
                faults.warn("cannot be closed: " + e, null);
            }
        }
    }
}
