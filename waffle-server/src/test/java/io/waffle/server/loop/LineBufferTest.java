// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineBufferTest {

    private final MemoryBudget memory = new MemoryBudget(1024 * 1024);
    private final LineBuffer buffer = new LineBuffer(100_000, memory);

    @Test
    void numbersAreWrittenAsJavaWritesThem() {
        Random random = new Random(18);
        StringBuilder expected = new StringBuilder();
        for (long value : new long[] {0, 9, 10, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            buffer.number(value);
            expected.append(value);
        }
        for (int i = 0; i < 1_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            buffer.number(value).put(' ').padded(i, 3);
            expected.append(value).append(' ').append(String.format("%03d", i));
        }
        assertTrue(buffer.end());
        assertEquals(expected.toString(), text());
    }

    @Test
    void whatDoesNotFitIsAsIfItHadNotBeenBegun() {
        buffer.ascii("whole\n");
        assertTrue(buffer.end());
        buffer.begin();
        for (int i = 0; i < 100_000; i++) {
            buffer.put('x');
        }
        assertFalse(buffer.end());
        buffer.begin();
        buffer.ascii("next\n");
        assertTrue(buffer.end());
        assertEquals("whole\nnext\n", text());
    }

    @Test
    void aMarkTakesBackWhatWasWrittenSince() {
        int mark = buffer.ascii("a").mark();
        buffer.ascii("bc").backTo(mark);
        buffer.put('d');
        assertTrue(buffer.end());
        assertEquals("ad", text());
    }

    @Test
    void whatItGrowsByIsOfTheBudgetAndGoesBack() {
        buffer.ascii("x".repeat(50_000));
        assertTrue(buffer.end());
        assertTrue(memory.taken() >= 40_000);
        for (int i = 0; i < 10; i++) {
            buffer.clear();
            buffer.clear();
        }
        buffer.release();
        assertEquals(0, memory.taken());
    }

    @Test
    void whatTheBudgetDoesNotHaveIsNoRoom() {
        assertTrue(memory.tryTake(MemoryBudget.Use.WORK, memory.bound() - 10_000));
        buffer.ascii("x".repeat(50_000));
        assertFalse(buffer.end());
        buffer.begin();
        buffer.ascii("short\n");
        assertTrue(buffer.end());
    }

    private String text() {
        return new String(buffer.bytes(), 0, buffer.length(), StandardCharsets.US_ASCII);
    }
}
