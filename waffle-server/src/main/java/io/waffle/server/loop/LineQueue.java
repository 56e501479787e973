// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lines on their way to where writing may block, with a thread of its own for that. Whoever has a line never waits for the writer, a loop least
 * of all: when the writer falls behind, lines are dropped and counted.
 *
 * <p>There are two buffers, each with the same bound: lines go into one while the other is written. So what a stalled writer can hold is known
 * in bytes, however long lines are, and a line is encoded once, where it stays.
 *
 * <p>Threading: {@link #offer} and {@link #reopen} by any thread.
 */
public final class LineQueue implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Thread thread;

    /** Guarded by the lock, as all below are. */
    private LineBuffer lines;

    private long dropped;
    private boolean reopens;
    private boolean ended;

    /** Where the lines go. Called by the one thread, which may block there. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes whole lines.
         *
         * @param lines for this call only, from index 0 on
         * @param length how many bytes
         * @param dropped how many more lines there would have been since the last call
         */
        void write(byte[] lines, int length, long dropped);

        /** What they go to may have been moved away, and is to be opened anew. */
        default void reopen() {}

        /** There will be no more. */
        default void end() {}
    }

    /** How something becomes a line. Called under the lock: it neither waits nor takes long. */
    @FunctionalInterface
    public interface Encoding<T> {

        /** Writes all of the line, with its end. */
        void encode(T what, LineBuffer to);
    }

    /**
     * Starts to write.
     *
     * @param capacity how many bytes may wait, and how many may be under way
     * @param memory which all but the first few of them are taken from
     */
    public LineQueue(String thread, int capacity, MemoryBudget memory, Writer writer) {
        this.lines = new LineBuffer(capacity, memory);
        LineBuffer other = new LineBuffer(capacity, memory);
        this.thread = Thread.ofPlatform().daemon().name(thread).start(() -> run(writer, other));
    }

    /** Takes a line, or drops it; returns whether it has taken it. */
    public <T> boolean offer(T what, Encoding<? super T> encoding) {
        lock.lock();
        try {
            lines.begin();
            encoding.encode(what, lines);
            boolean taken = lines.end();
            if (taken) {
                arrived.signal();
            } else {
                dropped++;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Has the writer open anew what it writes to, behind what is queued. */
    public void reopen() {
        lock.lock();
        try {
            reopens = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is queued, as far as the writer gets with it within two seconds. */
    @Override
    public void close() {
        lock.lock();
        try {
            ended = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Writer writer, LineBuffer spare) {
        LineBuffer batch = spare;
        while (true) {
            boolean last;
            boolean anew;
            long lost;
            batch.clear();
            lock.lock();
            try {
                while (lines.isEmpty() && !reopens && !ended) {
                    arrived.awaitUninterruptibly();
                }
                LineBuffer full = lines;
                lines = batch;
                batch = full;
                anew = reopens;
                reopens = false;
                lost = dropped;
                dropped = 0;
                last = ended && batch.isEmpty();
            } finally {
                lock.unlock();
            }
            if (!batch.isEmpty() || lost > 0) {
                writer.write(batch.bytes(), batch.length(), lost);
            }
            if (anew) {
                writer.reopen();
            }
            if (last) {
                batch.release();
                writer.end();
                return;
            }
        }
    }
}
