// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.loop.MemoryBudget.Use;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is taken never passes the bound, each class stops at its own share, and all comes back. */
class MemoryBudgetTest {

    private static final long BOUND = 1 << 20;
    private static final int TAKERS = 8;
    private static final int STEPS = 50_000;

    private final MemoryBudget budget = new MemoryBudget(BOUND);

    @Test
    void eachClassIsRefusedAtItsShareAndLeavesTheRestToThoseAboveIt() {
        long taken = 0;
        for (Use use : Use.values()) {
            while (budget.tryTake(use, 1024)) {
                taken += 1024;
            }
            for (Use lower : Use.values()) {
                if (lower.compareTo(use) <= 0) {
                    assertFalse(budget.tryTake(lower, 1024));
                    assertFalse(budget.has(lower, 1024));
                }
            }
            assertEquals(taken, budget.taken());
        }
        assertEquals(BOUND, taken);
    }

    @Test
    void whatIsRefusedTakesNothing() {
        assertFalse(budget.tryTake(Use.WORK, BOUND + 1));
        assertEquals(0, budget.taken());
        assertTrue(budget.tryTake(Use.WORK, BOUND));
    }

    @Test
    void moreThanWasTakenCannotBeGivenBack() {
        assertTrue(budget.tryTake(Use.WORK, 10));

        assertThrows(IllegalStateException.class, () -> budget.giveBack(11));
    }

    @Test
    void oneWithoutABoundRefusesNothing() {
        MemoryBudget boundless = MemoryBudget.boundless();

        assertTrue(boundless.tryTake(Use.SPARE, 1L << 60));
        assertTrue(boundless.tryTake(Use.WORK, 1L << 61));
    }

    @Test
    void randomTakersOnManyThreadsStayBelowTheBoundAndBringAllBack() throws Exception {
        List<Callable<Void>> takers = new ArrayList<>();
        for (int i = 0; i < TAKERS; i++) {
            int seed = i;
            takers.add(() -> takeAndGiveBack(new Random(seed)));
        }
        try (var threads = Executors.newFixedThreadPool(TAKERS)) {
            for (Future<Void> taker : threads.invokeAll(takers)) {
                taker.get();
            }
        }
        assertEquals(0, budget.taken());
    }

    private Void takeAndGiveBack(Random random) {
        ArrayDeque<Long> mine = new ArrayDeque<>();
        Use[] uses = Use.values();
        for (int i = 0; i < STEPS; i++) {
            long bytes = 1 + random.nextInt(64 * 1024);
            if (random.nextBoolean() && budget.tryTake(uses[random.nextInt(uses.length)], bytes)) {
                mine.add(bytes);
            } else if (!mine.isEmpty()) {
                budget.giveBack(mine.remove());
            }
            long taken = budget.taken();
            assertTrue(0 <= taken && taken <= BOUND, () -> "taken: " + taken);
        }
        mine.forEach(budget::giveBack);
        return null;
    }
}
