// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.api.Backend;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SlowStartTest {

    private static final Duration TIME = Duration.ofSeconds(20);

    private final FakeClock clock = new FakeClock();
    private final Deque<Runnable> alarms = new ArrayDeque<>();

    /** The weights each picker was made for. */
    private final List<List<Integer>> weights = new ArrayList<>();

    @Test
    void theWeightOfOneThatComesBackGrowsFromATenth() {
        Pool pool = pool(1, 2);
        PooledBackend b = pool.backends().get(1);
        pool.markDown(b);
        assertEquals(List.of(100, 200), weights.getLast(), "what is there at the start is whole");
        pool.markUp(b);
        assertEquals(List.of(100, 20), weights.getLast());
        List<Integer> grown = new ArrayList<>();
        while (!alarms.isEmpty()) {
            clock.advance(TIME.dividedBy(20));
            alarms.remove().run();
            grown.add(weights.getLast().getLast());
        }
        assertEquals(List.of(20, 20, 30, 40, 50), grown.subList(0, 5), "a tenth at the least");
        assertEquals(List.of(180, 190, 200), grown.subList(17, 20));
        assertEquals(List.of(100, 200), weights.getLast(), "and as configured in the end");
    }

    @Test
    void oneThatJoinsGrowsBesideAHeavyOne() {
        Pool pool = pool(65_535);
        pool.update(List.of(Requests.backend("b0", 65_535), Requests.backend("b1", 1_000)));
        assertEquals(List.of(6_553_500, 10_000), weights.getLast());
        clock.advance(TIME);
        alarms.remove().run();
        assertEquals(List.of(6_553_500, 100_000), weights.getLast());
        assertEquals(0, alarms.size());
    }

    @Test
    void oneThatDrainedGrowsAndOthersThatAreChangedDoNot() {
        Pool pool = pool(1, 2);
        BackendConfig a = Requests.backend("b0", 1);
        BackendConfig b = Requests.backend("b1", 2);
        pool.update(List.of(a, b.withDraining(true)));
        pool.update(List.of(a.withWeight(3), b));
        assertEquals(List.of(300, 20), weights.getLast());
        clock.advance(TIME);
        alarms.remove().run();
        assertEquals(List.of(300, 200), weights.getLast());
        pool.update(List.of(a, b.withWeight(0)));
        pool.update(List.of(a, b.withWeight(0).withDraining(true)));
        assertEquals(0, alarms.size(), "it still gets nothing");
        pool.update(List.of(a, b));
        assertEquals(List.of(100, 20), weights.getLast());
    }

    @Test
    void oneTimerIsEnoughForAll() {
        Pool pool = pool(1, 1, 1);
        pool.backends().forEach(pool::markDown);
        pool.backends().forEach(pool::markUp);
        assertEquals(1, alarms.size());
        assertEquals(List.of(10, 10, 10), weights.getLast());
    }

    private Pool pool(int... configured) {
        Strategy noting = backends -> {
            weights.add(backends.stream().map(Backend::weight).toList());
            return pick -> backends.getFirst();
        };
        List<BackendConfig> backends = new ArrayList<>();
        for (int weight : configured) {
            backends.add(Requests.backend("b" + backends.size(), weight));
        }
        Timer timer = (delay, task) -> alarms.add(task);
        Policy policy = new Policy(noting, Requests.NO_EJECTION, TIME, Optional.empty());
        return new Pool("main", backends, policy, timer, clock, new Random(1), () -> Runnable::run);
    }
}
