// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Threads that make a connection at each of their turns, ask once, and close; what came of it is guarded by this object. */
final class Churn {

    private static final int BUFFER = 16 << 10;

    private final OpenSsl openSsl;
    private final MemorySegment request;
    private final Turns turns;
    private final Latencies latencies = new Latencies();
    private long begun;

    Churn(OpenSsl openSsl, ByteBuffer request, Turns turns) {
        this.openSsl = openSsl;
        this.request = MemorySegment.ofBuffer(request);
        this.turns = turns;
    }

    /** Has so many threads do it until no turn is left. Those that still wait at the deadline are left to end with the process. */
    void run(int concurrent, long deadline) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < concurrent; i++) {
            threads.add(Thread.ofPlatform().daemon().start(this::takeTurns));
        }
        for (Thread thread : threads) {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
        }
    }

    /** What has begun and has not ended counts as an error. */
    synchronized Json result() {
        return new Json()
                .add("handshakes", latencies.count())
                .add("errors", begun - latencies.count())
                .add("p50_us", latencies.micros(50))
                .add("p99_us", latencies.micros(99))
                .add("p999_us", latencies.micros(99.9));
    }

    private void takeTurns() {
        MemorySegment memory = Arena.ofAuto().allocate(BUFFER);
        long due = turns.next();
        while (due != Turns.OVER) {
            begin();
            try {
                exchange(memory);
                end(System.nanoTime() - due);
            } catch (IOException e) {
                // It has begun and does not end, which is how errors are counted.
            }
            due = turns.next();
        }
    }

    private void exchange(MemorySegment memory) throws IOException {
        var scanner = new ResponseScanner();
        ByteBuffer bytes = memory.asByteBuffer();
        try (OpenSsl.Connection connection = openSsl.connect()) {
            connection.write(request);
            do {
                bytes.clear().limit(connection.read(memory));
            } while (!scanner.take(bytes));
        }
        if (!scanner.succeeded()) {
            throw new IOException("no success");
        }
    }

    private synchronized void begin() {
        begun++;
    }

    private synchronized void end(long nanos) {
        latencies.record(nanos);
    }
}
