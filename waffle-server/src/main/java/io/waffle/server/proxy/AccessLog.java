// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.AccessLogConfig;
import io.waffle.server.config.IoReason;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.loop.LineQueue;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.plugin.FaultLog;
import java.io.IOException;
import java.time.InstantSource;
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

    /** So many bytes may wait for the disk, and as many be under way to it: some seconds of a busy listener. */
    private static final int CAPACITY = 1024 * 1024;

    private final AccessLine line;
    private final LineSink sink;
    private final FaultLog faults;
    private final LineQueue lines;

    private AccessLog(WaffleConfig config, MemoryBudget memory, InstantSource clock, LongSupplier nanoTime)
            throws IOException {
        AccessLogConfig wanted = config.accessLog();
        this.line = new AccessLine(wanted.format(), clock);
        this.faults = new FaultLog("access log: ", nanoTime);
        this.sink = LineSink.of(wanted, faults);
        this.lines = new LineQueue("access log", CAPACITY, memory, new SinkWriter());
    }

    /**
     * Opens it, if there is to be one.
     *
     * @param memory which lines that wait are taken from
     */
    public static Optional<AccessLog> open(WaffleConfig config, MemoryBudget memory) throws IOException {
        return config.accessLog().enabled()
                ? Optional.of(new AccessLog(config, memory, InstantSource.system(), System::nanoTime))
                : Optional.empty();
    }

    /** Tells of an exchange that is over. */
    void write(Exchange x, @Nullable Fault fault) {
        x.course.end(fault, System.nanoTime());
        if (!lines.offer(x, line)) {
            faults.warn(
                    "a line is lost: they are not written fast enough",
                    null); // now, since the writer may stand still for good
        }
    }

    /** Opens the file anew, which may have been moved away. */
    public void reopen() {
        lines.reopen();
    }

    /** Writes what is queued, as far as the disk takes it within two seconds. */
    @Override
    public void close() {
        lines.close();
    }

    private final class SinkWriter implements LineQueue.Writer {

        @Override
        public void write(byte[] batch, int length, long dropped) {
            sink.follow();
            sink.write(batch, length);
        }

        @Override
        public void reopen() {
            sink.follow();
        }

        @Override
        public void end() {
            try {
                sink.close();
            } catch (IOException e) {
                faults.warn("cannot be closed: " + IoReason.of(e), null);
            }
        }
    }
}
