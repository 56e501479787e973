// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.loop.MemoryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What passes, and when the next may; against the leaky bucket that the algorithm is another way to write. */
class RateLimiterTest {

    private static final long SECOND = 1_000_000_000;
    private static final int THREADS = 8;

    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final KeyedHash hash = new KeyedHash(20, 26);

    /** A bucket that each request adds its interval to, and time takes from: nothing that would flow over passes. */
    private static final class Model {

        private final long interval;
        private final long size;
        private final Map<Long, long[]> buckets = new HashMap<>();

        Model(long interval, int burst) {
            this.interval = interval;
            this.size = interval * burst;
        }

        long take(long key, long now) {
            long[] bucket = buckets.computeIfAbsent(key, any -> new long[] {0, now}); // how full, and when that was
            bucket[0] = Math.max(0, bucket[0] - (now - bucket[1]));
            bucket[1] = now;
            long over = bucket[0] + interval - size;
            if (over > 0) {
                return over;
            }
            bucket[0] += interval;
            return 0;
        }
    }

    @Test
    void burstPassesAtOnceAndThenOneEachInterval() {
        RateLimiter limiter = new RateLimiter(new RateTable(memory), 0, 10, Duration.ofSeconds(1), 3);

        assertEquals(0, limiter.take(7, SECOND));
        assertEquals(0, limiter.take(7, SECOND));
        assertEquals(0, limiter.take(7, SECOND));
        assertEquals(SECOND / 10, limiter.take(7, SECOND));
        assertEquals(0, limiter.take(8, SECOND), "another key");
        assertEquals(1, limiter.take(7, SECOND + SECOND / 10 - 1));
        assertEquals(0, limiter.take(7, SECOND + SECOND / 10));
        assertEquals(SECOND / 10, limiter.take(7, SECOND + SECOND / 10));
    }

    @Test
    void whatIsRefusedIsNotCharged() {
        RateLimiter limiter = new RateLimiter(new RateTable(memory), 0, 1, Duration.ofHours(1), 1);
        limiter.take(7, 1);
        for (int i = 0; i < 1_000; i++) {
            limiter.take(7, 2);
        }

        assertEquals(0, limiter.take(7, 1 + 3600 * SECOND));
    }

    @Test
    void limitersOfOneTableDoNotShareKeys() {
        RateTable table = new RateTable(memory);
        RateLimiter one = new RateLimiter(table, hash.of(1, 1), 1, Duration.ofSeconds(1), 1);
        RateLimiter other = new RateLimiter(table, hash.of(2, 2), 1, Duration.ofSeconds(1), 1);

        assertEquals(0, one.take(7, 1));
        assertEquals(0, other.take(7, 1));
        assertTrue(one.take(7, 1) > 0);
        assertTrue(other.take(7, 1) > 0);
    }

    @Test
    void limiterAgreesWithTheModel() {
        Random random = new Random(13);
        for (int round = 0; round < 60; round++) {
            int count = 1 + random.nextInt(100);
            Duration period = List.of(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1))
                    .get(round % 3);
            int burst = 1 + random.nextInt(20);
            long interval = period.toNanos() / count;
            RateLimiter limiter = new RateLimiter(new RateTable(MemoryBudget.boundless()), 0, count, period, burst);
            Model model = new Model(interval, burst);
            long now = 1 + random.nextInt(1_000);
            for (int i = 0; i < 3_000; i++) {
                now += random.nextInt(4) == 0 ? (long) (random.nextDouble() * random.nextInt(burst + 2) * interval) : 0;
                long key = hash.of(random.nextInt(5), 0);
                assertEquals(model.take(key, now), limiter.take(key, now));
            }
        }
    }

    /** As many keys as there is room for in the largest table, half of them still counting when the others come. */
    @Test
    void tableGrowsForKeysThatCountAndForgetsNoneMeanwhile() {
        RateTable table = new RateTable(memory, 64, 1 << 14);
        RateLimiter limiter = new RateLimiter(table, 0, 1, Duration.ofHours(1), 1);
        int keys = 4_000;
        for (int i = 0; i < keys; i++) {
            assertEquals(0, limiter.take(hash.of(i, 0), SECOND));
        }
        for (int i = 0; i < keys; i++) {
            assertTrue(limiter.take(hash.of(i, 0), SECOND) > 0);
        }
        assertEquals(0, table.overwritten());
        assertTrue(table.size() <= 1 << 14);
        assertEquals((long) table.size() * 16, memory.taken());
    }

    @Test
    void keysWhoseTimeHasPassedLeaveRoom() {
        RateTable table = new RateTable(memory, 64, 64);
        RateLimiter limiter = new RateLimiter(table, 0, 1, Duration.ofSeconds(1), 1);
        for (int i = 0; i < 10_000; i++) {
            assertEquals(0, limiter.take(hash.of(i, 0), 1 + i * SECOND));
        }

        assertEquals(0, table.overwritten());
    }

    @Test
    void floodOfNewKeysPushesOutItsOwnKindAndIsCounted() {
        RateTable table = new RateTable(memory, 64, 64);
        RateLimiter limiter = new RateLimiter(table, 0, 1, Duration.ofSeconds(1), 10);
        for (int i = 0; i < 10; i++) {
            limiter.take(hash.of(-1, 0), SECOND);
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals(0, limiter.take(hash.of(i, 0), SECOND));
        }

        assertTrue(limiter.take(hash.of(-1, 0), SECOND) > 0, "who is held back stays so");
        assertTrue(table.overwritten() >= 10_000 - 64);
    }

    @Test
    void withoutMemoryItStaysAsItIs() {
        MemoryBudget scarce = new MemoryBudget(8 * 1024);
        RateTable table = new RateTable(scarce, 256, 1 << 14);
        RateLimiter limiter = new RateLimiter(table, 0, 1, Duration.ofHours(1), 1);
        for (int i = 0; i < 5_000; i++) {
            assertEquals(0, limiter.take(hash.of(i, 0), SECOND));
        }

        assertEquals(256, table.size());
        assertTrue(table.overwritten() > 0);
        table.close();
        assertEquals(0, scarce.taken());
    }

    /** Keys that are known pass exactly as often as they may, by however many threads. */
    @Test
    void threadsTogetherPassNoMoreThanOneWould() throws Exception {
        int burst = 5_000;
        int keys = 4;
        RateLimiter limiter = new RateLimiter(new RateTable(memory), 0, 1, Duration.ofHours(1), burst);
        for (int key = 0; key < keys; key++) {
            limiter.take(hash.of(key, 0), SECOND);
        }
        List<Callable<Integer>> takers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            takers.add(() -> {
                int passed = 0;
                for (int n = 0; n < burst * keys; n++) {
                    passed += limiter.take(hash.of(n % keys, 0), SECOND) == 0 ? 1 : 0;
                }
                return passed;
            });
        }

        assertEquals((burst - 1) * keys, sum(takers));
    }

    /** Those that nobody knew, at once, while the table grows: at most once more for each thread that brought it. */
    @Test
    void threadsTogetherBringNewKeys() throws Exception {
        int keys = 20_000;
        RateTable table = new RateTable(memory, 64, 1 << 16);
        RateLimiter limiter = new RateLimiter(table, 0, 1, Duration.ofHours(1), 1);
        List<Callable<Integer>> takers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            takers.add(() -> {
                int passed = 0;
                for (int n = 0; n < keys; n++) {
                    passed += limiter.take(hash.of(n, 0), SECOND) == 0 ? 1 : 0;
                }
                return passed;
            });
        }
        int passed = sum(takers);

        assertTrue(passed >= keys && passed <= keys * THREADS, () -> passed + " of " + keys);
        for (int n = 0; n < keys; n++) {
            assertTrue(limiter.take(hash.of(n, 0), SECOND) > 0 || table.overwritten() > 0);
        }
    }

    private static int sum(List<Callable<Integer>> takers) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            int sum = 0;
            for (Future<Integer> taken : threads.invokeAll(takers)) {
                sum += taken.get();
            }
            return sum;
        }
    }
}
