// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.AccessLogConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.pool.FaultLog;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A line for each exchange, written by a thread of its own. An exchange never waits for the disk: when the writer falls behind, lines are
 * dropped and counted.
 *
 * <p>Threading: {@link #write} by any thread.
 */
public final class AccessLog implements AutoCloseable {

    private static final int CAPACITY = 8_192;
    private static final long CLOSE_SECONDS = 2;

    /** No line is empty: each has its end. */
    private static final String END = "";

    private final AccessLine format;
    private final LineSink sink;
    private final InstantSource clock;
    private final FaultLog faults;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final LongAdder dropped = new LongAdder();
    private final Thread writer =
            Thread.ofPlatform().daemon().name("access log").unstarted(this::run);

    private AccessLog(AccessLine format, LineSink sink, InstantSource clock, LongSupplier nanoTime) {
        this.format = format;
        this.sink = sink;
        this.clock = clock;
        this.faults = new FaultLog("access log: ", nanoTime);
    }

    /** Opens it, if there is to be one. */
    public static Optional<AccessLog> open(WaffleConfig config) throws IOException {
        AccessLogConfig wanted = config.accessLog();
        if (!wanted.enabled()) {
            return Optional.empty();
        }
        AccessLine format =
                new AccessLine(wanted.format(), config.loadBalancing().name());
        AccessLog log = new AccessLog(format, LineSink.of(wanted), InstantSource.system(), System::nanoTime);
        log.writer.start();
        return Optional.of(log);
    }

    /** Tells of an exchange that is over. */
    void write(Exchange x, @Nullable Fault fault) {
        if (!lines.offer(format.of(x, fault, clock.instant(), System.nanoTime() - x.clock.begun()))) {
            dropped.increment();
        }
    }

    /** Writes what is queued, as far as the disk takes it within two seconds. */
    @Override
    public void close() {
        try {
            if (lines.offer(END, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                writer.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<String> batch = new ArrayList<>();
        try (sink) {
            boolean ended = false;
            while (!ended) {
                batch.add(lines.take());
                lines.drainTo(batch);
                ended = batch.removeIf(String::isEmpty);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            faults.warn("cannot be closed: " + e, null);
        }
    }

    private void write(List<String> batch) {
        try {
            sink.write(batch);
        } catch (IOException e) {
            dropped.add(batch.size());
            faults.warn("cannot be written: " + e, null);
        }
        long count = dropped.sumThenReset();
        if (count > 0) {
            faults.warn(count + " lines dropped: it is not written fast enough", null);
        }
    }
}
