// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.leastconn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Picker;
import io.waffle.tck.FakeBackend;
import io.waffle.tck.FakeContext;
import io.waffle.tck.FakeRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LeastConnectionsTest {

    private final FakeRequest request = new FakeRequest();

    @Test
    void theLeastLoadedWinsInEveryPosition() {
        for (int size = 2; size <= 5; size++) {
            for (int least = 0; least < size; least++) {
                List<FakeBackend> members = FakeBackend.many(size);
                members.forEach(member -> member.inFlight(5));
                members.get(least).inFlight(3);
                for (int seed = 0; seed < 50; seed++) {
                    FakeRequest own = new FakeRequest();
                    Backend picked = picker(seed, members).pick(own);
                    assertSame(members.get(least), picked);
                    members.get(least).inFlight(3);
                }
            }
        }
    }

    @Test
    void comparesLoadPerWeight() {
        List<FakeBackend> members = FakeBackend.weighted(1, 3, 2);
        members.get(0).inFlight(2);
        members.get(1).inFlight(5);
        members.get(2).inFlight(4);
        assertSame(members.get(1), picker(1, members).pick(request));
    }

    @Test
    void doesNotOverflow() {
        List<FakeBackend> members = FakeBackend.weighted(65_535, 65_534);
        members.forEach(member -> member.inFlight(Integer.MAX_VALUE - 1));
        assertSame(members.get(0), picker(1, members).pick(request));
    }

    /** Each order of loads; those that tie for the least share evenly: 10,000 draws of 1/2 deviate by 50, and six times that is allowed. */
    @Test
    void tiesAreFairInAnyOrder() {
        List<Integer> loads = new ArrayList<>(List.of(3, 3, 5, 7, 4));
        for (int order = 0; order < 10; order++) {
            Collections.shuffle(loads, new Random(order));
            List<FakeBackend> members = FakeBackend.many(5);
            for (int i = 0; i < 5; i++) {
                members.get(i).inFlight(loads.get(i));
            }
            Picker picker = picker(order, members);
            Map<Integer, Integer> counts = new HashMap<>();
            for (int i = 0; i < 10_000; i++) {
                FakeBackend picked = (FakeBackend) picker.pick(request);
                request.picked(picked);
                picked.inFlight(picked.inFlight() - 1);
                counts.merge(members.indexOf(picked), 1, Integer::sum);
            }
            assertEquals(2, counts.size(), "of loads " + loads + " picked " + counts);
            counts.values().forEach(count -> assertEquals(5_000, count, 300));
        }
    }

    @Test
    void anIdlePoolSharesByWeight() {
        List<FakeBackend> members = FakeBackend.weighted(5, 1, 1);
        Picker picker = picker(1, members);
        int heavy = 0;
        for (int i = 0; i < 7_000; i++) {
            FakeBackend picked = (FakeBackend) picker.pick(request);
            heavy += picked == members.get(0) ? 1 : 0;
            request.picked(picked);
            picked.inFlight(0);
        }
        assertEquals(5_000, heavy, 230, "within six deviations");
    }

    /** Half of the members have something in flight, two of the idle ones are not eligible: 20,000 draws, within six deviations. */
    @Test
    void amongManyTheIdleOnesShareByWeight() {
        List<FakeBackend> members = FakeBackend.weighted(
                IntStream.range(0, 100).map(i -> i < 50 ? 1 : 3).toArray());
        for (int i = 0; i < 100; i += 2) {
            members.get(i).inFlight(1);
        }
        Picker picker = picker(1, members);
        Map<FakeBackend, Integer> counts = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            FakeRequest own =
                    new FakeRequest().eligible(member -> member != members.get(1) && member != members.get(99));
            FakeBackend picked = (FakeBackend) picker.pick(own);
            counts.merge(picked, 1, Integer::sum);
            picked.inFlight(0);
        }
        assertEquals(48, counts.size(), "24 of weight 1, 24 of weight 3");
        counts.forEach((member, count) -> assertEquals(20_000.0 * member.weight() / 9_600.0, count, 150));
    }

    @Test
    void theOnlyIdleOneAmongManyIsFound() {
        List<FakeBackend> members = FakeBackend.many(1_000);
        members.forEach(member -> member.inFlight(1));
        Picker picker = picker(1, members);
        for (int i = 0; i < 1_000; i++) {
            members.get(i).inFlight(0);
            assertSame(members.get(i), picker.pick(new FakeRequest()));
        }
        assertTrue(members.stream().allMatch(member -> member.inFlight() == 1), "each was claimed");
    }

    /** The race: picks that see the same least loaded backend. None ends here, so exactness means equal counts in the end. */
    @Test
    void isExactWhenPicksRace() throws InterruptedException {
        List<FakeBackend> members = FakeBackend.many(4);
        Picker picker = picker(1, members);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                FakeRequest own = new FakeRequest();
                await(start);
                for (int k = 0; k < 1_000; k++) {
                    own.picked((FakeBackend) picker.pick(own));
                }
            }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        // A thread that gave up after eight passes may be off by one; each of eight threads at most at the same time.
        members.forEach(member -> assertEquals(2_000, member.inFlight(), 8));
        assertEquals(8_000, members.stream().mapToInt(FakeBackend::inFlight).sum());
    }

    /** One never answers, two answer at once: of one request at a time it holds one more than the others at most. */
    @Test
    void aSlowOneIsLeftAlone() {
        List<FakeBackend> members = FakeBackend.many(3);
        FakeBackend slow = members.get(1);
        Picker picker = picker(1, members);
        for (int i = 0; i < 1_000; i++) {
            FakeBackend picked = (FakeBackend) picker.pick(request);
            request.picked(picked);
            if (picked != slow) {
                picked.inFlight(0);
            }
            assertTrue(slow.inFlight() <= 1);
        }
        assertEquals(1, slow.inFlight());
    }

    @Test
    void peekTellsOneOfThoseThatTieAndDrawsNoLot() {
        List<FakeBackend> members = FakeBackend.many(3);
        members.get(0).inFlight(1);
        Picker peeked = picker(1, members);
        Picker plain = picker(1, members);
        for (int i = 0; i < 50; i++) {
            Backend told = peeked.peek(request).orElseThrow();
            assertTrue(told == members.get(1) || told == members.get(2), told::toString);
            FakeBackend next = (FakeBackend) plain.pick(new FakeRequest());
            next.inFlight(0); // it was claimed
            assertSame(next, peeked.pick(new FakeRequest()));
            next.inFlight(0);
        }
    }

    private static Picker picker(long seed, List<FakeBackend> members) {
        return new LeastConnectionsProvider()
                .create(new FakeContext(Map.of(), seed))
                .picker(List.copyOf(members));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
