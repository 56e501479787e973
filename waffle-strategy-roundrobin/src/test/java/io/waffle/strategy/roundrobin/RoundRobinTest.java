// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.tck.FakeBackend;
import io.waffle.tck.FakeContext;
import io.waffle.tck.FakeRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RoundRobinTest {

    private final FakeRequest request = new FakeRequest();

    @Test
    void threeThousandOverThreeAreAThousandEach() {
        Picker picker = picker(7, FakeBackend.many(3));
        Map<Backend, Integer> counts = counts(picker, 3_000);
        assertEquals(Set.of(1_000), new HashSet<>(counts.values()));
        assertEquals(3, counts.size());
    }

    @Test
    void peekTellsTheNextAndMovesNothing() {
        Picker picker = picker(7, FakeBackend.weighted(5, 1, 1, 400));
        for (int i = 0; i < 1_000; i++) {
            Backend told = picker.peek(request).orElseThrow();
            assertEquals(told, picker.peek(request).orElseThrow());
            assertEquals(told, picker.pick(request));
        }
    }

    @Test
    void isExactFromSixtyFourThreads() throws InterruptedException {
        Picker picker = picker(7, FakeBackend.many(3));
        Map<Backend, AtomicLong> counts = new ConcurrentHashMap<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 64)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    await(start);
                    FakeRequest own = new FakeRequest();
                    for (int k = 0; k < 300; k++) {
                        counts.computeIfAbsent(picker.pick(own), backend -> new AtomicLong())
                                .incrementAndGet();
                    }
                }))
                .toList();
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        counts.values().forEach(count -> assertEquals(6_400, count.get()));
    }

    @Test
    void startsAtRandom() {
        List<FakeBackend> members = FakeBackend.many(10);
        Set<Backend> first = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            first.add(picker(seed, members).pick(request));
        }
        assertEquals(10, first.size());
    }

    @Test
    void goesOnWhereItWasWhenMembersChange() {
        List<FakeBackend> members = FakeBackend.many(5);
        Strategy strategy = strategy(7);
        Backend before = strategy.picker(List.copyOf(members)).pick(request);
        Backend after = strategy.picker(List.copyOf(members)).pick(request);
        int next = (members.indexOf((FakeBackend) before) + 1) % 5;
        assertEquals(members.get(next), after);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 1 1", "1 5 1", "1 1 5"})
    void aHeavyOneIsPickedThreeTimesInARowAtMost(String weights) {
        for (int seed = 0; seed < 20; seed++) {
            List<FakeBackend> members = FakeBackend.weighted(ints(weights));
            Picker picker = picker(seed, members);
            Backend last = picker.pick(request);
            int run = 1;
            for (int i = 0; i < 700; i++) {
                Backend picked = picker.pick(request);
                run = picked == last ? run + 1 : 1;
                last = picked;
                assertTrue(
                        run <= 3,
                        "seed " + seed + ", pick " + i + ": " + last + " for the " + run + "th time in a row");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 1 1", "1 2 3 4 90", "100 99 1", "7 7 7", "1000 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"})
    void weightsAreExact(String text) {
        int[] weights = ints(text);
        int total = Arrays.stream(weights).sum();
        List<FakeBackend> members = FakeBackend.weighted(weights);
        // One period of a wheel is at most rim rounds, in each of which some slots have no turn; and rim <= 1,000 here.
        // Over many
        // periods what the unfinished last one adds is small.
        int picks = total * 100;
        Map<Backend, Integer> counts = counts(picker(3, members), picks);
        for (int i = 0; i < weights.length; i++) {
            assertEquals(
                    100 * weights[i],
                    counts.get(members.get(i)),
                    weights[i] + 1,
                    "weight " + weights[i] + " in " + text);
        }
    }

    /** One of weight 65,535 among 9,999 of weight 1: no pick may look at thousands of numbers before it finds one whose turn it is. */
    @Test
    void extremeWeightsDoNotMakePicksLong() {
        int[] weights = new int[10_000];
        Arrays.fill(weights, 1);
        weights[1_234] = 65_535;
        List<Backend> members = List.copyOf(FakeBackend.weighted(weights));
        AtomicLong sequence = new AtomicLong(1);
        Picker picker = new RoundRobinPicker(new Wheel(members), sequence);
        for (int i = 0; i < 75_534; i++) {
            picker.pick(request);
        }
        assertTrue(sequence.get() < 10 * 75_534, "numbers spent on 75,534 picks: " + sequence.get());
    }

    @Test
    void theShareOfARowOfDeadOnesIsSpreadEvenly() {
        List<FakeBackend> members = FakeBackend.many(100);
        Set<Backend> dead = new HashSet<>(members.subList(10, 60));
        request.eligible(backend -> !dead.contains(backend));
        Map<Backend, Integer> counts = counts(picker(7, members), 50_000);
        assertEquals(50, counts.size());
        counts.values().forEach(count -> assertEquals(1_000, count, 1));
    }

    /** Whatever is down, the rest share by their weights, and each pick spends one number and moves the sequence once more at most. */
    @ParameterizedTest
    @ValueSource(
            strings = {"1000 10 1", "65535 1000 10", "65535 1 1", "100 50 5 1", "99 10 10 1", "7 7 7", "1 2 3 4 90"})
    void whatIsLeftSharesByWeight(String text) {
        int[] weights = ints(text);
        List<FakeBackend> members = FakeBackend.weighted(weights);
        for (FakeBackend down : members) {
            request.eligible(backend -> backend != down);
            double left = members.stream()
                    .filter(member -> member != down)
                    .mapToInt(FakeBackend::weight)
                    .sum();
            Map<Backend, Integer> counts = counts(picker(7, members), 20_000);
            for (FakeBackend member : members) {
                double expected = member == down ? 0 : 20_000.0 * member.weight() / left;
                assertEquals(expected, counts.getOrDefault(member, 0), 20 + expected / 50, text + ", without " + down);
            }
        }
    }

    @Test
    void peekTellsTheNextWhenTheHeavyOneIsDown() {
        List<FakeBackend> members = FakeBackend.weighted(1_000, 10, 1);
        request.eligible(backend -> backend != members.get(0));
        Picker picker = picker(7, members);
        for (int i = 0; i < 1_000; i++) {
            Backend told = picker.peek(request).orElseThrow();
            assertEquals(told, picker.pick(request));
        }
    }

    /** With an even wheel turns are strict, also with one left out: none is picked twice in a row. */
    @Test
    void theOthersGoOnInTurnWhenOneIsDown() {
        List<FakeBackend> members = FakeBackend.many(4);
        request.eligible(backend -> backend != members.get(1));
        Picker picker = picker(7, members);
        List<Backend> turns = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            turns.add(picker.pick(request));
        }
        assertEquals(3, Set.copyOf(turns.subList(0, 3)).size());
        assertEquals(turns.subList(0, 6), turns.subList(3, 9));
    }

    private Map<Backend, Integer> counts(Picker picker, int picks) {
        Map<Backend, Integer> counts = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            counts.merge(picker.pick(request), 1, Integer::sum);
        }
        return counts;
    }

    private static Strategy strategy(long seed) {
        return new RoundRobinProvider().create(new FakeContext(Map.of(), seed));
    }

    private static Picker picker(long seed, List<FakeBackend> members) {
        return strategy(seed).picker(List.copyOf(members));
    }

    private static int[] ints(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
