// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a strategy may count in while it chooses, so that its choice is exact. */
final class ClaimTest {

    private final Requests.Plain request = new Requests.Plain();

    @Test
    void claimCountsInAtOnceAndOnlyOnce() {
        Strategy claiming = backends -> pick -> {
            Backend first = backends.getFirst();
            assertTrue(pick.claim(first, 0));
            assertEquals(1, first.inFlight());
            return first;
        };
        Pool pool = pool(claiming, "a");
        assertEquals(1, acquire(pool).inFlight());
    }

    @Test
    void claimIsRefusedForOtherCountsAndForWhatIsNotEligible() {
        Strategy claiming = backends -> pick -> {
            assertFalse(pick.claim(backends.get(0), 5));
            assertFalse(pick.claim(backends.get(1), 0));
            return backends.get(0);
        };
        Pool pool = pool(claiming, "a", "b");
        pool.markDown(pool.backends().get(1));
        assertEquals(1, acquire(pool).inFlight());
        assertEquals(0, pool.faults());
        assertFalse(request.claim(pool.backends().get(0), 1), "no claim outside a pick");
        assertFalse(request.isEligible(pool.backends().get(0)));
    }

    @Test
    void claimNotUsedIsTakenBack() {
        Strategy wavering = backends -> pick -> {
            assertTrue(pick.claim(backends.get(0), 0));
            assertTrue(pick.claim(backends.get(1), 0));
            return backends.get(2);
        };
        Pool pool = pool(wavering, "a", "b", "c");
        assertEquals("c:80", acquire(pool).id());
        assertEquals(List.of(0, 0, 1), inFlight(pool));
        assertEquals(0, pool.faults());
    }

    @Test
    void claimOfPickThatFailsIsTakenBack() {
        Strategy failing = backends -> pick -> {
            pick.claim(backends.get(0), 0);
            throw new IllegalStateException("after the claim");
        };
        Pool pool = pool(failing, "a", "b");
        PooledBackend chosen = acquire(pool);
        assertEquals(1, chosen.inFlight());
        assertEquals(
                List.of(1, 0), inFlight(pool).stream().sorted((x, y) -> y - x).toList());
    }

    /** The race: all see the same idle backend as the least loaded. Each claim may be won by one only. */
    @Test
    void ofPicksThatSawTheSameCountOneGetsIt() throws Exception {
        int threads = 8;
        for (int round = 0; round < 200; round++) {
            Pool pool = pool(new LeastByClaim(), "a", "b", "c", "d", "e", "f", "g", "h");
            CountDownLatch go = new CountDownLatch(1);
            try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
                List<Future<@Nullable PooledBackend>> chosen = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    chosen.add(executor.submit(() -> {
                        go.await();
                        return pool.acquire(new Requests.Plain());
                    }));
                }
                go.countDown();
                for (Future<@Nullable PooledBackend> one : chosen) {
                    assertNotNull(one.get());
                }
            }
            assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 1), inFlight(pool));
        }
    }

    private PooledBackend acquire(Pool pool) {
        PooledBackend backend = pool.acquire(request);
        assertNotNull(backend);
        return backend;
    }

    private static Pool pool(Strategy strategy, String... hosts) {
        return Requests.pool("main", Requests.backends(hosts), strategy, new FakeClock(), 7);
    }

    private static List<Integer> inFlight(Pool pool) {
        return pool.backends().stream().map(PooledBackend::inFlight).toList();
    }

    /** The least loaded, exactly: looks again until a claim succeeds. */
    private static final class LeastByClaim implements Strategy {

        @Override
        public Picker picker(List<Backend> backends) {
            return pick -> {
                while (true) {
                    Backend least = backends.getFirst();
                    int fewest = Integer.MAX_VALUE;
                    for (Backend backend : backends) {
                        int inFlight = backend.inFlight();
                        if (inFlight < fewest) {
                            fewest = inFlight;
                            least = backend;
                        }
                    }
                    if (pick.claim(least, fewest)) {
                        return least;
                    }
                }
            };
        }
    }
}
