// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.loop.MemoryBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** As many as a client may have, and none left behind. */
class ClientCountsTest {

    private static final int THREADS = 8;

    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final KeyedHash hash = new KeyedHash(20, 26);

    @Test
    void clientHasAsManyAsItMay() {
        ClientCounts counts = new ClientCounts(memory, 100);
        int first = counts.enter(7, 2);
        counts.enter(7, 2);

        assertEquals(ClientCounts.REFUSED, counts.enter(7, 2));
        assertEquals(2, counts.count(7));
        assertTrue(counts.enter(8, 2) >= 0, "another client");
        counts.leave(first);
        assertTrue(counts.enter(7, 2) >= 0);
    }

    @Test
    void clientOfAFullBucketIsLetInUncounted() {
        ClientCounts counts = new ClientCounts(memory, 1);
        for (int i = 1; i <= 8; i++) {
            assertTrue(counts.enter((long) i << 40, 1) >= 0);
        }

        assertEquals(ClientCounts.UNCOUNTED, counts.enter(9L << 40, 1));
        assertEquals(1, counts.uncounted());
        counts.leave(ClientCounts.UNCOUNTED);
        assertEquals(ClientCounts.REFUSED, counts.enter(3L << 40, 1));
    }

    @Test
    void countsAgreeWithTheModel() {
        Random random = new Random(13);
        ClientCounts counts = new ClientCounts(memory, 1_000);
        Map<Long, Deque<Integer>> model = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            long key = hash.of(random.nextInt(200), 0);
            Deque<Integer> places = model.computeIfAbsent(key, any -> new ArrayDeque<>());
            if (random.nextBoolean()) {
                int place = counts.enter(key, 5);
                assertEquals(places.size() >= 5, place == ClientCounts.REFUSED);
                if (place >= 0) {
                    places.push(place);
                }
            } else if (!places.isEmpty()) {
                counts.leave(places.pop());
            }
            assertEquals(places.size(), counts.count(key));
        }
        assertEquals(0, counts.uncounted());
    }

    @Test
    void threadsTogetherHaveNoMoreThanOneWould() throws Exception {
        ClientCounts counts = new ClientCounts(memory, 1_000);
        int most = 5;
        AtomicInteger[] inside = new AtomicInteger[3];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = new AtomicInteger();
            counts.enter(hash.of(i, 0), most); // stays
        }
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            clients.add(() -> {
                int highest = 0;
                for (int n = 0; n < 50_000; n++) {
                    int i = n % inside.length;
                    int place = counts.enter(hash.of(i, 0), most);
                    if (place >= 0) {
                        highest = Math.max(highest, inside[i].incrementAndGet());
                        inside[i].decrementAndGet();
                        counts.leave(place);
                    }
                }
                return highest;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<Integer> highest : threads.invokeAll(clients)) {
                assertTrue(highest.get() <= most - 1);
            }
        }
        for (int i = 0; i < inside.length; i++) {
            assertEquals(1, counts.count(hash.of(i, 0)));
        }
    }

    @Test
    void memoryComesFromTheBudgetAndGoesBack() {
        ClientCounts counts = new ClientCounts(memory, 1_000_000);

        assertEquals(8 << 20, memory.taken());
        counts.close();
        assertEquals(0, memory.taken());
    }
}
