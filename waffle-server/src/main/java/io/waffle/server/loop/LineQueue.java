// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lines on their way to where writing may block, with a thread of its own for that. Whoever has a line never waits, a loop least of all: when
 * the writer falls behind, lines are dropped and counted.
 *
 * <p>Threading: {@link #offer} by any thread.
 */
public final class LineQueue implements AutoCloseable {

    /** How many lines may wait. */
    static final int CAPACITY = 8_192;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** No line is empty: each has its end. */
    private static final String END = "";

    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;

    /** Where the lines go. Called by the one thread, which may block there. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes lines.
         *
         * @param batch all there are, in their order; for this call only, and free to be changed
         * @param dropped how many more there would have been since the last call
         */
        void write(List<String> batch, long dropped);

        /** There will be no more. */
        default void end() {}
    }

    /** Starts to write. */
    public LineQueue(String thread, Writer writer) {
        this.thread = Thread.ofPlatform().daemon().name(thread).start(() -> run(writer));
    }

    /** Takes a line, which ends as the others do, or drops it. */
    public void offer(String line) {
        if (!lines.offer(line)) {
            dropped.increment();
        }
    }

    /** Writes what is queued, as far as the writer gets with it within two seconds. */
    @Override
    public void close() {
        long deadline = Deadline.in(PATIENCE);
        try {
            if (lines.offer(END, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.join(Duration.ofNanos(Math.max(1, deadline - Deadline.now())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Writer writer) {
        List<String> batch = new ArrayList<>();
        boolean ended = false;
        try {
            while (!ended) {
                batch.add(lines.take());
                lines.drainTo(batch);
                ended = batch.removeIf(String::isEmpty);
                writer.write(batch, dropped.sumThenReset());
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        } finally {
            writer.end();
        }
    }
}
