// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.ClientAddress;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract of {@link Picker}, rules K1 to K15. */
public abstract class PickerContract extends Contract {

    private static final int THREADS = 8;
    private static final int PICKS = 10_000;
    private static final int ROUNDS = 50;

    /** No pick needs so long. */
    private static final long SLOW_NANOS = 200_000;

    private Strategy strategy;

    /** For JUnit, which calls {@link #open} before each test. */
    @SuppressWarnings("NullAway.Init")
    protected PickerContract() {}

    @BeforeEach
    final void open() {
        strategy = strategy();
    }

    @AfterEach
    final void close() {
        strategy.close();
    }

    @Test
    @DisplayName("K1 picks one of the members: of 1, 2, 3, 10, 1,000")
    final void picksMembers() {
        for (int count : new int[] {1, 2, 3, 10, 1_000}) {
            List<FakeBackend> members = FakeBackend.many(count);
            Picks.from(strategy.picker(list(members)), members, "K1");
        }
    }

    @Test
    @DisplayName("K2 picks the only one that is eligible, wherever it stands and whatever its weight and load")
    final void findsTheOnlyEligible() {
        List<FakeBackend> members = FakeBackend.weighted(1, 5, 1, 100, 1, 1, 7);
        members.get(2).inFlight(1_000);
        Picker picker = strategy.picker(list(members));
        for (FakeBackend only : members) {
            FakeRequest request = new FakeRequest().eligible(backend -> backend == only);
            for (int i = 0; i < 20; i++) {
                FakeBackend picked = Picks.one(picker, request.client(FakeRequest.ipv4(i)), "K2");
                assertSame(only, picked, "K2: picked, against the only one that is eligible");
            }
        }
    }

    @Test
    @DisplayName("K3 picks what is eligible, when some are")
    final void picksEligible() {
        RandomGenerator random = seeded();
        List<FakeBackend> members = FakeBackend.many(20);
        Picker picker = strategy.picker(list(members));
        for (int round = 0; round < 200; round++) {
            Set<Backend> up = new HashSet<>();
            up.add(members.get(random.nextInt(20)));
            members.stream().filter(member -> random.nextBoolean()).forEach(up::add);
            FakeRequest request = new FakeRequest().eligible(up::contains).client(FakeRequest.ipv4(random.nextInt()));
            FakeBackend picked = Picks.one(picker, request, "K3");
            assertTrue(up.contains(picked), () -> "K3: picked " + picked + ", which is not eligible, of " + up);
        }
    }

    @Test
    @DisplayName("K4 comes to an answer even if all cease to be eligible during the pick")
    final void survivesTheLoss() {
        List<FakeBackend> members = FakeBackend.many(5);
        Picker picker = strategy.picker(list(members));
        for (int asked = 0; asked < 10; asked++) {
            int[] left = {asked};
            Picks.one(picker, new FakeRequest().eligible(backend -> left[0]-- > 0), "K4");
        }
    }

    @Test
    @DisplayName("K5 comes to an eligible answer even if every claim is refused")
    final void survivesRefusal() {
        List<FakeBackend> members = FakeBackend.many(5);
        Picker picker = strategy.picker(list(members));
        FakeBackend only = members.get(3);
        Backend picked = picker.pick(new Refusing(new FakeRequest().eligible(backend -> backend == only)));
        assertSame(only, picked, "K5: picked, against the only one that is eligible");
    }

    @Test
    @DisplayName("K6 takes any request: any method, target, address and attempt")
    final void takesAnyRequest() {
        List<FakeBackend> members = FakeBackend.many(3);
        Picker picker = strategy.picker(list(members));
        for (ClientAddress client : List.of(
                new ClientAddress(0, 0),
                new ClientAddress(-1, -1),
                FakeRequest.ipv4(-1),
                new ClientAddress(0x2001_0DB8L << 32, 1))) {
            Picks.one(picker, new FakeRequest().line("OPTIONS", "*").client(client), "K6");
            Picks.one(picker, new FakeRequest().line("m", "/?").client(client).attempt(1_000), "K6");
        }
    }

    @Test
    @DisplayName("K7 may be asked by many threads at once, while pickers are made")
    final void picksConcurrently() {
        List<FakeBackend> members = FakeBackend.many(4);
        AtomicReference<Picker> current = new AtomicReference<>(strategy.picker(Yielding.list(members)));
        Threads.run("K7", THREADS, thread -> {
            FakeRequest request = Yielding.request(new FakeBackend("nobody"));
            for (int i = 0; i < ROUNDS; i++) {
                if (thread == 0) { // one thread only: calls to picker() are serial
                    current.set(strategy.picker(Yielding.list(members.subList(0, 3 + i % 2))));
                }
                for (int k = 0; k < ROUNDS; k++) {
                    FakeBackend picked = Picks.one(Objects.requireNonNull(current.get()), request, "K7");
                    assertTrue(members.contains(picked), () -> "K7: picked " + picked + ", which is not a member");
                }
            }
        });
        int left = members.stream().mapToInt(FakeBackend::inFlight).sum();
        assertEquals(0, left, "K7: attempts in flight when all have ended");
    }

    @Test
    @DisplayName("K8 allocates nothing, whatever of the request it reads")
    final void allocatesNothing() {
        Picker picker = strategy.picker(list(FakeBackend.many(10)));
        PickRequest request = new Refusing(
                new FakeRequest().field("Cookie", "id=7").field("X-Tenant", "7").field("User-Agent", "tck"));
        Runnable picks = () -> {
            for (int i = 0; i < PICKS; i++) {
                picker.pick(request);
            }
        };
        picks.run(); // what is set up on first use is not meant
        long bytes = Threads.bytesAllocatedDuring(picks);
        assertTrue(bytes < PICKS, () -> "K8: " + PICKS + " picks allocated " + bytes + " bytes (expected: none)");
    }

    @Test
    @DisplayName("K9 never waits: neither at the first attempt nor at others, with all up or some down")
    final void neverWaits() {
        List<FakeBackend> members = FakeBackend.many(10);
        FakeContext context = context();
        try (Strategy timed = provider().create(context)) {
            Picker picker = timed.picker(list(members));
            everyAttempt(picker, members, context); // what is set up on first use is not meant
            long waits = Threads.waitsDuring(() -> everyAttempt(picker, members, context));
            List<String> seen = Blocking.during(() -> everyAttempt(picker, members, context));
            assertEquals(
                    0,
                    Math.max(waits, seen.size()),
                    () -> "K9: how often a pick slept, parked or waited, or did input or output: " + seen);
        }
    }

    @Test
    @DisplayName("K10 peek, if it tells, names one that is eligible, and changes nothing")
    final void peeksWithoutChange() {
        List<FakeBackend> members = FakeBackend.weighted(1, 5, 1, 2);
        List<Backend> picked = picks(members, false);
        if (!picked.equals(picks(members, false))) {
            return; // it has no state that could be seen to change: its picks differ anyway
        }
        assertEquals(picked, picks(members, true), "K10: picks with peeks between them, against picks without");
    }

    @Test
    @DisplayName("K11 peek, if it tells, names the one that is picked next, where no two backends are equal")
    final void peeksTruly() {
        List<FakeBackend> members = FakeBackend.many(7);
        for (int i = 0; i < members.size(); i++) {
            members.get(i).inFlight(10 * (members.size() - i));
        }
        Picker picker = strategy.picker(list(members));
        for (int i = 0; i < 100; i++) {
            int down = i % 8;
            FakeRequest request = new FakeRequest()
                    .client(FakeRequest.ipv4(i))
                    .eligible(backend -> down == members.size() || backend != members.get(down));
            Optional<Backend> peeked = Picks.peek(picker, request, members, "K11");
            FakeBackend next = Picks.one(picker, request, "K11");
            peeked.ifPresent(told -> assertSame(told, next, "K11: picked, after peek had told of another"));
        }
    }

    @Test
    @DisplayName("K12 goes on when what it counts picks by has passed 2^31")
    final void countsOn() {
        List<FakeBackend> members = FakeBackend.many(3);
        Picker picker = strategy.picker(list(members));
        for (Counters.Counter counter : counting(picker, members)) {
            counter.set(Integer.MAX_VALUE - 10);
            for (int i = 0; i < 40; i++) {
                int pick = i;
                FakeBackend out = members.get(i % 3);
                FakeRequest request =
                        new FakeRequest().client(FakeRequest.ipv4(i)).eligible(backend -> backend != out);
                Backend picked = assertDoesNotThrow(
                        () -> picker.pick(request),
                        () -> "K12: pick " + pick + " since " + counter.name() + " was 2^31 - 11");
                assertTrue(
                        members.contains((FakeBackend) picked) && picked != out,
                        () -> "K12: picked " + picked + " when " + counter.name() + " had passed 2^31");
            }
        }
    }

    @Test
    @DisplayName("K13 threads that pick at once do not wait for one another")
    final void neverDelaysOthers() {
        List<FakeBackend> members = FakeBackend.many(5);
        Picker picker = strategy.picker(Yielding.list(members));
        Picks.from(picker, members, "K13");
        AtomicLong delays = new AtomicLong();
        Threads.run("K13", THREADS, thread -> {
            FakeRequest request = Yielding.request(members.get(thread % 5));
            Picks.one(picker, request, "K13");
            delays.addAndGet(Threads.delaysDuring(() -> {
                for (int i = 0; i < 1_000; i++) {
                    Picks.one(picker, request, "K13");
                }
            }));
        });
        assertTrue(
                delays.get() <= THREADS, // a class may have to be loaded
                () -> "K13: how often " + THREADS + " threads, of 1000 picks each, waited for one another: " + delays
                        + " (expected: never)");
    }

    @Test
    @DisplayName("K14 picks as fast for a repetition as for a first attempt")
    final void repeatsAtOnce() {
        Picker picker = strategy.picker(list(FakeBackend.many(10)));
        long first = nanos(picker, 1);
        for (int attempt : new int[] {2, 3}) {
            long again = nanos(picker, attempt);
            assertTrue(
                    again <= 20 * first + SLOW_NANOS,
                    () -> "K14: a pick for attempt " + attempt + " takes " + again / 1_000 + " us (for attempt 1: "
                            + first / 1_000 + " us)");
        }
    }

    @Test
    @DisplayName("K15 tells IPv6 networks apart as well as IPv4 addresses")
    final void tellsNetworksApart() {
        int clients = 2_000;
        int addresses = mostOf(clients, FakeRequest::ipv4);
        int networks = mostOf(clients, bits -> new ClientAddress(0x2001_0DB8L << 32 | (bits & 0xFFFF_FFFFL), 1));
        assertTrue(
                networks <= 2 * addresses + clients / 20,
                () -> "K15: of " + clients + " clients in as many IPv6 networks one of 10 backends got " + networks
                        + " (of as many IPv4 clients: " + addresses + ")");
    }

    /** Those of its numbers that grow with each pick: they will come to any number there is. */
    private List<Counters.Counter> counting(Picker picker, List<FakeBackend> members) {
        Picks.from(picker, members, "K12");
        List<Counters.Counter> all = Counters.of(strategy, picker);
        List<Long> before = all.stream().map(Counters.Counter::get).toList();
        int picks = 1_000;
        for (int i = 0; i < picks / 100; i++) {
            Picks.from(picker, members, "K12");
        }
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i).get() - before.get(i) >= picks)
                .mapToObj(all::get)
                .toList();
    }

    private static void everyAttempt(Picker picker, List<FakeBackend> members, FakeContext context) {
        for (int attempt : new int[] {1, 2, 3, 10, 50}) {
            for (int down = 0; down < members.size(); down += 3) {
                List<FakeBackend> up = members.subList(down, members.size());
                FakeRequest request = new FakeRequest()
                        .attempt(attempt)
                        .eligible(backend -> up.contains((FakeBackend) backend))
                        .client(new ClientAddress(0x2001_0DB8L << 32, attempt));
                long before = context.now();
                Picks.one(picker, request, "K9");
                long nanos = context.now() - before;
                assertTrue(
                        nanos <= Duration.ofMillis(1).toNanos(),
                        () -> "K9: a pick lasted " + nanos / 1_000 + " us by the clock of the context");
            }
        }
    }

    /** The best of several times, of which a pause of the machine spoils some. */
    private static long nanos(Picker picker, int attempt) {
        FakeRequest request = new FakeRequest().attempt(attempt);
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = System.nanoTime();
            Picks.one(picker, request, "K14");
            best = Math.min(best, System.nanoTime() - before);
        }
        return best;
    }

    /** How many of these clients the busiest backend gets, from a fresh strategy. */
    private int mostOf(int clients, IntFunction<ClientAddress> address) {
        List<FakeBackend> members = FakeBackend.many(10);
        RandomGenerator random = seeded();
        Map<Backend, Integer> counts = new HashMap<>();
        try (Strategy fresh = strategy()) {
            Picker picker = fresh.picker(list(members));
            for (int i = 0; i < clients; i++) {
                FakeRequest request = new FakeRequest().client(address.apply(random.nextInt()));
                counts.merge(Picks.one(picker, request, "K15"), 1, Integer::sum);
            }
        }
        return Collections.max(counts.values());
    }

    /** What a fresh strategy picks for some clients, with each backend out in turn, and perhaps peeked at before. */
    private List<Backend> picks(List<FakeBackend> members, boolean peeking) {
        List<Backend> picked = new ArrayList<>();
        try (Strategy fresh = strategy()) {
            Picker picker = fresh.picker(list(members));
            for (int i = 0; i < 100; i++) {
                FakeBackend out = members.get(i % members.size());
                FakeRequest request =
                        new FakeRequest().client(FakeRequest.ipv4(i)).eligible(backend -> backend != out);
                for (int peeks = 0; peeking && peeks < 1 + i % 3; peeks++) {
                    Picks.peek(picker, request, members, "K10");
                }
                picked.add(Picks.one(picker, request, "K10"));
            }
        }
        return picked;
    }
}
