// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LineQueueTest {

    private final Semaphore mayWrite = new Semaphore(0);
    private final Semaphore writing = new Semaphore(0);
    private final List<String> written = new ArrayList<>();
    private long dropped;
    private boolean ended;

    @Test
    void linesComeInTheirOrderAndTheEndBehindThem() {
        mayWrite.release(Integer.MAX_VALUE);
        try (LineQueue queue = new LineQueue("test", new Slow())) {
            IntStream.range(0, 100).forEach(i -> queue.offer(i + "\n"));
        }
        assertEquals(IntStream.range(0, 100).mapToObj(i -> i + "\n").toList(), written);
        assertEquals(0, dropped);
        assertTrue(ended);
    }

    @Test
    void whoOffersNeverWaitsAndWhatFindsNoRoomIsCounted() {
        LineQueue queue = new LineQueue("test", new Slow());
        queue.offer("first\n");
        writing.acquireUninterruptibly();
        for (int i = 0; i < LineQueue.CAPACITY + 7; i++) {
            queue.offer("more\n");
        }
        mayWrite.release(Integer.MAX_VALUE);
        queue.close();
        assertEquals(1 + LineQueue.CAPACITY, written.size());
        assertEquals(7, dropped);
    }

    @Test
    void aWriterThatStandsHoldsTheEndUpForAWhileOnly() {
        LineQueue queue = new LineQueue("test", new Slow());
        queue.offer("first\n");
        writing.acquireUninterruptibly();
        queue.close(); // it returns
        assertEquals(List.of(), written);
        mayWrite.release(Integer.MAX_VALUE);
    }

    /** Writes when it may; it is the test that looks at that behind the end. */
    private final class Slow implements LineQueue.Writer {

        @Override
        public void write(List<String> batch, long lost) {
            writing.release();
            mayWrite.acquireUninterruptibly();
            written.addAll(batch);
            dropped += lost;
        }

        @Override
        public void end() {
            ended = true;
        }
    }
}
