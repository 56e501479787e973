// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.Strategy;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.config.EjectionConfig.AllDown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pool through random outages, restarts, checks and traffic, on a virtual clock, beside a model that knows who was up when: a request that may
 * be repeated fails only if no backend that may serve it was up for all of its time.
 */
final class OutagesTest {

    private static final Duration TIME = Duration.ofSeconds(10);
    private static final int STEPS = 4_000;
    private static final int RISE = 2;
    private static final int FALL = 3;

    private static final Logger LOG = Logger.getLogger("io.waffle.pool");

    private final FakeClock clock = new FakeClock();
    private final PriorityQueue<Due> agenda = new PriorityQueue<>(Comparator.comparingLong(Due::millis));
    private long now;

    /** What is to happen at a time of the virtual clock. */
    private record Due(long millis, Runnable what) {}

    @BeforeAll
    static void sayNothing() {
        LOG.setLevel(Level.OFF); // there are tens of thousands of ejections
    }

    @AfterAll
    static void sayAllAgain() {
        LOG.setLevel(null);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void noRequestFailsWhileABackendThatMightServeItWasNotTried(int backends) {
        for (int seed = 0; seed < 12; seed++) {
            for (AllDown policy : AllDown.values()) {
                new Run(backends, policy, seed % 3 != 0, seed).play();
            }
        }
    }

    /** The everyday case: one after the other is started anew, again and again, and is ejected for it each time. */
    @Test
    void aRollingRestartIsNoticedByNobodyThoughEachIsEjectedForLong() {
        Run run = new Run(2, AllDown.FAIL, false, 7);
        run.calm = true;
        for (int round = 0; round < 20; round++) {
            run.up[round % 2] = false;
            for (int i = 0; i < 50; i++) {
                run.request();
            }
            run.up[round % 2] = true;
            for (int i = 0; i < 50; i++) {
                run.request();
            }
        }
        assertEquals(0, run.failed);
        assertEquals(2_000, run.served);
    }

    /** One pool with its backends, and what the model knows of them. */
    private final class Run {

        private final Random random;
        private final Pool pool;
        private final boolean checked;
        private final AllDown policy;
        private final boolean[] up;
        private final int[] passes;
        private final int[] fails;
        private int served;
        private int failed;

        /** Whether nothing happens during an attempt. */
        private boolean calm;

        Run(int backends, AllDown policy, boolean checked, int seed) {
            this.random = new Random(31L * seed + backends);
            this.policy = policy;
            this.checked = checked;
            agenda.clear();
            up = new boolean[backends];
            passes = new int[backends];
            fails = new int[backends];
            java.util.Arrays.fill(up, true);
            List<String> hosts = new ArrayList<>();
            for (int i = 0; i < backends; i++) {
                hosts.add("b" + i);
            }
            EjectionConfig ejection = Configs.ejection(
                    false, 5, 50, 20, TIME, TIME, Duration.ofMinutes(5), random.nextBoolean() ? 50 : 100, policy);
            pool = new Pool(
                    "main",
                    Requests.backends(hosts.toArray(String[]::new)),
                    new Policy(strategy(), ejection, Duration.ZERO, Optional.empty()),
                    (delay, task) -> agenda.add(new Due(now + Math.max(1, delay.toMillis()), task)),
                    clock,
                    random);
        }

        private Strategy strategy() {
            int kind = random.nextInt(3);
            return members -> pick -> {
                List<Backend> eligible =
                        members.stream().filter(pick::isEligible).toList();
                return switch (kind) {
                    case 0 -> members.get(random.nextInt(members.size()));
                    case 1 -> eligible.get(random.nextInt(eligible.size()));
                    default -> members.getFirst();
                };
            };
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                pass(random.nextInt(200));
                int which = random.nextInt(up.length);
                switch (random.nextInt(20)) {
                    case 0 -> up[which] = false;
                    case 1, 2 -> up[which] = true;
                    case 3, 4, 5, 6 -> check(which);
                    default -> request();
                }
            }
            settle();
        }

        private void check(int which) {
            if (!checked) {
                return;
            }
            PooledBackend backend = pool.backends().get(which);
            passes[which] = up[which] ? passes[which] + 1 : 0;
            fails[which] = up[which] ? 0 : fails[which] + 1;
            if (passes[which] >= RISE) {
                pool.markUp(backend);
            } else if (fails[which] >= FALL) {
                pool.markDown(backend);
            }
        }

        /** One request, whose attempts take time in which anything may happen. */
        void request() {
            boolean[] throughout = new boolean[up.length];
            for (int i = 0; i < up.length; i++) {
                throughout[i] = mayServe(i);
            }
            Requests.Plain request = Requests.of(random.nextInt(5));
            boolean[] tried = new boolean[up.length];
            while (true) {
                PooledBackend backend = pool.acquire(request);
                if (backend == null) {
                    break;
                }
                int which = pool.backends().indexOf(backend);
                assertFalse(tried[which], "twice");
                tried[which] = true;
                boolean well = up[which];
                if (!calm && random.nextInt(10) == 0) {
                    up[random.nextInt(up.length)] ^= true;
                }
                pass(random.nextInt(20));
                well &= up[which];
                for (int i = 0; i < up.length; i++) {
                    throughout[i] &= mayServe(i) || (tried[i] && i == which && well);
                }
                Outcome.Kind kind = well ? Outcome.Kind.SUCCESS : Outcome.Kind.CONNECT_FAILED;
                pool.release(request, backend, new Outcome(kind, well ? 200 : 0, -1, 1));
                if (well) {
                    served++;
                    return;
                }
            }
            failed++;
            for (int i = 0; i < up.length; i++) {
                assertFalse(throughout[i], "b" + i + " was up, and was " + (tried[i] ? "tried" : "not tried"));
            }
        }

        private boolean mayServe(int which) {
            return up[which]
                    && (policy == AllDown.TRY_ALL || pool.backends().get(which).isUp());
        }

        /** When all are well for long enough, all are in service again, with nothing in flight. */
        private void settle() {
            calm = true;
            java.util.Arrays.fill(up, true);
            for (int i = 0; i < 400; i++) {
                pass(2_000);
                for (int which = 0; which < up.length; which++) {
                    check(which);
                }
                request();
            }
            for (PooledBackend backend : pool.backends()) {
                assertTrue(backend.isAvailable(), () -> backend + " is " + backend.standing());
                assertEquals(0, backend.inFlight());
            }
        }

        private void pass(long millis) {
            long until = now + millis;
            while (!agenda.isEmpty() && agenda.peek().millis() <= until) {
                Due due = agenda.remove();
                clock.advance(Duration.ofMillis(due.millis() - now));
                now = due.millis();
                due.what().run();
            }
            clock.advance(Duration.ofMillis(until - now));
            now = until;
        }
    }
}
