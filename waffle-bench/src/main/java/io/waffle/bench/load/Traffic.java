// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The requests of an open loop on their connections. One thread says when a request is due, and sends it on the connection that has been free
 * for longest; with none free it waits, its time running, for the first that is, on which the thread that receives sends it. They meet under
 * this object's lock, which is held while a request is written.
 */
final class Traffic {

    private static final long GRACE = TimeUnit.SECONDS.toNanos(5);

    private final Schedule schedule;
    private final ByteBuffer request;
    private final Opener opener;
    private final ArrayDeque<LoopConnection> free;
    private final Latencies latencies = new Latencies();
    private long due;
    private long begun;
    private long ended;
    private long errors;

    Traffic(Schedule schedule, ByteBuffer request, List<LoopConnection> connections, Opener opener) {
        this.schedule = schedule;
        this.request = request;
        this.opener = opener;
        free = new ArrayDeque<>(connections);
    }

    /** Makes a connection in the place of one that has ended. */
    @FunctionalInterface
    interface Opener {
        LoopConnection open() throws IOException;
    }

    /** One more request is to be sent now. */
    synchronized void due() {
        due++;
        LoopConnection connection = free.poll();
        if (connection != null) {
            begin(connection);
        }
    }

    /** Something came on a connection, or its end. Called by the receiving thread, with its buffer. */
    void receive(LoopConnection connection, ByteBuffer buf) {
        boolean complete;
        try {
            complete = connection.receive(buf);
        } catch (IOException e) {
            broken(connection);
            return;
        }
        if (complete) {
            complete(connection, System.nanoTime());
        }
    }

    /** Waits for the answers that are still to come, not for ever; those that do not come are errors. */
    synchronized void finish() throws InterruptedException {
        long deadline = System.nanoTime() + GRACE;
        long left = GRACE;
        while (ended < due && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
    }

    /** What came of the requests that count. */
    synchronized Json result() {
        long missing = due - ended;
        return new Json()
                .add("requests", latencies.count())
                .add("errors", errors + missing)
                .add("p50_us", latencies.micros(50))
                .add("p90_us", latencies.micros(90))
                .add("p99_us", latencies.micros(99))
                .add("p999_us", latencies.micros(99.9))
                .add("max_us", latencies.maxMicros())
                .addRaw("histogram", latencies.curve());
    }

    private synchronized void complete(LoopConnection connection, long now) {
        if (connection.isIdle()) {
            connection.close(); // nobody asked
            return;
        }
        long number = connection.request();
        if (!connection.succeeded()) {
            fail(number);
        } else if (schedule.counts(number)) {
            latencies.record(now - schedule.intended(number));
        }
        end(connection);
        if (connection.closes()) {
            connection.close();
        }
        begin(connection);
    }

    private synchronized void broken(LoopConnection connection) {
        connection.close();
        if (!connection.isIdle()) {
            fail(connection.request());
            end(connection);
            begin(connection);
        }
    }

    /** Sends the request that waits longest, if any does. What cannot be sent has failed, and the next has its turn. */
    private void begin(LoopConnection connection) {
        LoopConnection current = connection;
        while (begun < due) {
            long number = begun++;
            try {
                if (!current.isOpen()) {
                    current = opener.open();
                }
                current.begin(number);
                current.send(request);
                return;
            } catch (IOException e) {
                current.close();
                fail(number);
                end(current);
            }
        }
        free.add(current);
    }

    private void fail(long number) {
        if (schedule.counts(number)) {
            errors++;
        }
    }

    private void end(LoopConnection connection) {
        connection.end();
        ended++;
        if (ended == schedule.size()) {
            notifyAll();
        }
    }
}
