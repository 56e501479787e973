// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LineQueueTest {

    private static final int CAPACITY = 64 * 1024;

    private final Semaphore mayWrite = new Semaphore(0);
    private final Semaphore writing = new Semaphore(0);
    private final StringBuilder written = new StringBuilder();
    private long dropped;
    private int reopened;
    private boolean ended;

    @Test
    void linesComeInTheirOrderAndTheEndBehindThem() {
        mayWrite.release(Integer.MAX_VALUE);
        try (LineQueue queue = new LineQueue("test", CAPACITY, MemoryBudget.boundless(), new Slow())) {
            IntStream.range(0, 100).forEach(i -> offer(queue, i + "\n"));
        }
        assertEquals(IntStream.range(0, 100).mapToObj(i -> i + "\n").collect(Collectors.joining()), written.toString());
        assertEquals(0, dropped);
        assertTrue(ended);
    }

    @Test
    void whoOffersNeverWaitsAndWhatFindsNoRoomIsCounted() {
        LineQueue queue = new LineQueue("test", CAPACITY, MemoryBudget.boundless(), new Slow());
        offer(queue, "first\n");
        writing.acquireUninterruptibly();
        String line = "x".repeat(1023) + "\n";
        for (int i = 0; i < CAPACITY / line.length() + 7; i++) {
            offer(queue, line);
        }
        mayWrite.release(Integer.MAX_VALUE);
        queue.close();
        assertEquals("first\n".length() + CAPACITY, written.length());
        assertEquals(7, dropped);
    }

    @Test
    void aLineThatFindsNoRoomLeavesNothingBehindAndAShorterOneMay() {
        LineQueue queue = new LineQueue("test", CAPACITY, MemoryBudget.boundless(), new Slow());
        offer(queue, "first\n");
        writing.acquireUninterruptibly();
        offer(queue, "x".repeat(CAPACITY) + "\n");
        offer(queue, "short\n");
        mayWrite.release(Integer.MAX_VALUE);
        queue.close();
        assertEquals("first\nshort\n", written.toString());
        assertEquals(1, dropped);
    }

    @Test
    void openingAnewWaitsForNoLine() {
        mayWrite.release(Integer.MAX_VALUE);
        LineQueue queue = new LineQueue("test", CAPACITY, MemoryBudget.boundless(), new Slow());
        queue.reopen();
        queue.close();
        assertEquals(1, reopened);
    }

    @Test
    void aWriterThatStandsHoldsTheEndUpForAWhileOnly() {
        LineQueue queue = new LineQueue("test", CAPACITY, MemoryBudget.boundless(), new Slow());
        offer(queue, "first\n");
        writing.acquireUninterruptibly();
        queue.close(); // it returns
        assertEquals("", written.toString());
        mayWrite.release(Integer.MAX_VALUE);
    }

    private static void offer(LineQueue queue, String line) {
        queue.offer(line, (text, to) -> to.utf8(text));
    }

    /** Writes when it may; it is the test that looks at that behind the end. */
    private final class Slow implements LineQueue.Writer {

        @Override
        public void write(byte[] lines, int length, long lost) {
            writing.release();
            mayWrite.acquireUninterruptibly();
            written.append(new String(lines, 0, length, StandardCharsets.UTF_8));
            dropped += lost;
        }

        @Override
        public void reopen() {
            reopened++;
        }

        @Override
        public void end() {
            ended = true;
        }
    }
}
