// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.ClientAddress;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract of {@link Picker}, rules K1 to K11. */
public abstract class PickerContract extends Contract {

    private static final int THREADS = 4;
    private static final int PICKS = 10_000;

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
        List<FakeBackend> members = FakeBackend.many(10);
        AtomicReference<Picker> current = new AtomicReference<>(strategy.picker(list(members)));
        Threads.run(THREADS, thread -> {
            for (int i = 0; i < PICKS / 100; i++) {
                if (thread == 0) { // one thread only: calls to picker() are serial
                    current.set(strategy.picker(list(members.subList(0, 5 + i % 5))));
                }
                Picks.from(Objects.requireNonNull(current.get()), members, "K7");
            }
        });
        int left = members.stream().mapToInt(FakeBackend::inFlight).sum();
        assertEquals(0, left, "K7: attempts in flight when all have ended");
    }

    @Test
    @DisplayName("K8 allocates nothing")
    final void allocatesNothing() {
        Picker picker = strategy.picker(list(FakeBackend.many(10)));
        PickRequest request = new Refusing(new FakeRequest());
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
    @DisplayName("K9 never waits")
    final void neverWaits() {
        Picker picker = strategy.picker(list(FakeBackend.many(10)));
        FakeRequest request = new FakeRequest();
        long waits = Threads.waitsDuring(() -> Picks.one(picker, request, "K9"));
        assertEquals(0, waits, "K9: how often a pick slept, parked or waited");
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
