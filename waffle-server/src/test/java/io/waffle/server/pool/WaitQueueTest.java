// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.BackendConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits for a backend, and who is given one when. */
final class WaitQueueTest {

    private static final Runnable NOBODY = () -> {};

    private final Requests.Plain request = new Requests.Plain();

    @Test
    void aPlaceGoesFromHandToHandToTheFirst() {
        Pool pool = pool(Requests.backend("a", 1, 1));
        Requests.Plain holder = new Requests.Plain();
        PooledBackend a = acquired(pool, holder);
        AtomicInteger calls = new AtomicInteger();
        Requests.Plain second = new Requests.Plain();
        assertTrue(pool.enqueue(request, 1, calls::incrementAndGet));
        assertTrue(pool.enqueue(second, 2, calls::incrementAndGet));
        pool.release(holder, a, Requests.OK);
        assertTrue(request.isCalled());
        assertFalse(second.isCalled());
        assertEquals(1, calls.get());
        assertNull(pool.acquire(new Requests.Plain()), "it was never free");
        assertSame(a, pool.dequeue(request));
        assertEquals(Reason.QUEUE, request.reason());
        assertEquals(1, request.attempt());
        pool.release(request, a, Requests.OK);
        assertSame(a, pool.dequeue(second));
        assertEquals(1, a.inFlight());
    }

    @Test
    void whoLeavesIsNotServedAndWhatItWasGivenGoesOn() {
        Pool pool = pool(Requests.backend("a", 1, 1));
        Requests.Plain holder = new Requests.Plain();
        PooledBackend a = acquired(pool, holder);
        Requests.Plain second = new Requests.Plain();
        Requests.Plain third = new Requests.Plain();
        pool.enqueue(request, 1, NOBODY);
        pool.enqueue(second, 2, NOBODY);
        pool.enqueue(third, 3, NOBODY);
        pool.abandon(second);
        pool.release(holder, a, Requests.OK);
        assertTrue(request.isCalled());
        pool.abandon(request);
        assertTrue(third.isCalled());
        assertSame(a, pool.dequeue(third));
        pool.release(third, a, Requests.OK);
        assertEquals(0, a.inFlight());
        assertNull(pool.dequeue(second));
    }

    @Test
    void oneThatIsOlderGoesFirstWhenverItComes() {
        Pool pool = pool(Requests.backend("a", 1, 1));
        Requests.Plain holder = new Requests.Plain();
        PooledBackend a = acquired(pool, holder);
        Requests.Plain older = new Requests.Plain();
        pool.enqueue(request, 20, NOBODY);
        pool.enqueue(older, 10, NOBODY);
        pool.release(holder, a, Requests.OK);
        assertTrue(older.isCalled());
        assertFalse(request.isCalled());
    }

    @Test
    void soManyMayWaitAndNoMore() {
        Pool pool = pool(Requests.backend("a", 1, 1));
        pool.queuePlaces(1);
        acquired(pool, new Requests.Plain());
        assertTrue(pool.enqueue(request, 1, NOBODY));
        assertFalse(pool.enqueue(new Requests.Plain(), 2, NOBODY));
        pool.abandon(request);
        assertTrue(pool.enqueue(new Requests.Plain(), 3, NOBODY));
    }

    @Test
    void aBackendThatComesBackCallsAndSoDoesTheLoss() {
        Pool pool = pool(Requests.backend("a", 1, 1), Requests.backend("b", 1, 1));
        pool.markDown(pool.backends().get(1));
        acquired(pool, new Requests.Plain());
        Requests.Plain second = new Requests.Plain();
        pool.enqueue(request, 1, NOBODY);
        pool.enqueue(second, 2, NOBODY);
        pool.markUp(pool.backends().get(1));
        assertEquals("b:80", Objects.requireNonNull(pool.dequeue(request)).id());
        assertFalse(second.isCalled());
        pool.backends().forEach(pool::markDown);
        assertTrue(second.isCalled(), "there is nothing left to wait for");
        assertNull(pool.dequeue(second));
    }

    /** A request waits only for what it was not sent to: nobody behind it waits for that as well. */
    @Test
    void whoCanUseAPlaceDoesNotWaitBehindOneThatCannot() {
        Pool pool = pool(Requests.backend("a", 1, 1), Requests.backend("b", 1, 1));
        PooledBackend a = acquired(pool, request);
        Requests.Plain holder = new Requests.Plain();
        acquired(pool, holder);
        pool.release(request, a, new io.waffle.api.Outcome(io.waffle.api.Outcome.Kind.RESET, 0, -1, 1));
        assertNull(pool.acquire(request));
        assertTrue(pool.mayWait(request));
        pool.enqueue(request, 1, NOBODY);
        assertFalse(request.isCalled());
        assertSame(a, pool.acquire(new Requests.Plain()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void agreesWithAModelOnWhoIsServedWhen(int backends) {
        for (int seed = 0; seed < 60; seed++) {
            new Run(backends, new Random(seed)).play();
        }
    }

    /** What the model knows of a request. */
    private static final class Client {
        private final Requests.Plain request = new Requests.Plain();
        private final Set<Integer> tried = new HashSet<>();
        private final long age;
        private @Nullable Integer at;

        Client(long age) {
            this.age = age;
        }
    }

    /** A pool beside a model that does the obvious: lists, and a search from the beginning. */
    private static final class Run {
        private final Random random;
        private final Pool pool;
        private final int[] bound;
        private final int[] inFlight;
        private final boolean[] up;
        private final int[] weight;
        private final List<Client> waiting = new ArrayList<>();
        private final List<Client> served = new ArrayList<>();
        private long age = 1;

        Run(int backends, Random random) {
            this.random = random;
            bound = random.ints(backends, 1, 4).toArray();
            inFlight = new int[backends];
            up = new boolean[backends];
            weight = new int[backends];
            java.util.Arrays.fill(up, true);
            java.util.Arrays.fill(weight, 1);
            pool = pool(configs());
        }

        private BackendConfig[] configs() {
            BackendConfig[] configs = new BackendConfig[bound.length];
            for (int i = 0; i < bound.length; i++) {
                configs[i] = Requests.backend("b" + i, weight[i], bound[i]);
            }
            return configs;
        }

        void play() {
            for (int i = 0; i < 400; i++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> arrive(new Client(age++));
                    case 4, 5, 6 -> end(false);
                    case 7 -> end(true);
                    case 8 -> leave();
                    case 9 -> flip();
                    case 10 -> weigh();
                    default -> grow();
                }
                compare();
            }
        }

        private void arrive(Client client) {
            int expected = -1;
            for (int i = bound.length - 1; i >= 0; i--) {
                expected = mayUse(client, i) && inFlight[i] < bound[i] ? i : expected;
            }
            PooledBackend got = pool.acquire(client.request);
            if (got != null) {
                assertEquals(expected, pool.backends().indexOf(got));
                sent(client, expected);
            } else {
                assertEquals(-1, expected);
                boolean hope = hopes(client);
                assertEquals(hope, pool.mayWait(client.request));
                if (hope) {
                    assertTrue(pool.enqueue(client.request, client.age, NOBODY));
                    int place = (int) waiting.stream()
                            .filter(other -> other.age < client.age)
                            .count();
                    waiting.add(place, client);
                }
            }
        }

        private void sent(Client client, int to) {
            inFlight[to]++;
            client.tried.add(to);
            client.at = to;
            served.add(client);
        }

        /** An attempt ends, well or not; in that case the request is tried elsewhere. */
        private void end(boolean badly) {
            if (served.isEmpty()) {
                return;
            }
            Client client = served.remove(random.nextInt(served.size()));
            int at = Objects.requireNonNull(client.at);
            pool.release(client.request, pool.backends().get(at), Requests.OK);
            Client heir = inFlight[at] > bound[at]
                    ? null
                    : waiting.stream()
                            .filter(one -> mayUse(one, at))
                            .findFirst()
                            .orElse(null);
            inFlight[at]--;
            if (heir != null) {
                assertTrue(heir.request.isCalled());
                give(heir, at);
            }
            if (badly) {
                arrive(client);
            }
        }

        private void give(Client client, int at) {
            assertSame(pool.backends().get(at), pool.dequeue(client.request));
            waiting.remove(client);
            sent(client, at);
        }

        private void leave() {
            if (!waiting.isEmpty()) {
                pool.abandon(waiting.remove(random.nextInt(waiting.size())).request);
            }
        }

        private void flip() {
            int which = random.nextInt(up.length);
            up[which] ^= true;
            if (up[which]) {
                pool.markUp(pool.backends().get(which));
            } else {
                pool.markDown(pool.backends().get(which));
            }
            serveAll();
        }

        private void weigh() {
            int which = random.nextInt(weight.length);
            weight[which] = random.nextInt(3);
            pool.update(List.of(configs()));
            serveAll();
        }

        private void grow() {
            int which = random.nextInt(bound.length);
            bound[which] = 1 + random.nextInt(3);
            pool.update(List.of(configs()));
            serveAll();
        }

        /** In their order, each the least busy it may use. */
        private void serveAll() {
            for (Client client : List.copyOf(waiting)) {
                int best = -1;
                for (int i = 0; i < bound.length; i++) {
                    boolean open = mayUse(client, i) && inFlight[i] < bound[i];
                    best = open && (best < 0 || inFlight[i] < inFlight[best]) ? i : best;
                }
                if (best >= 0) {
                    assertTrue(client.request.isCalled());
                    give(client, best);
                } else if (!hopes(client)) {
                    assertTrue(client.request.isCalled());
                    assertNull(pool.dequeue(client.request));
                    waiting.remove(client);
                }
            }
        }

        private boolean hopes(Client client) {
            for (int i = 0; i < bound.length; i++) {
                if (mayUse(client, i)) {
                    return true;
                }
            }
            return false;
        }

        private boolean mayUse(Client client, int which) {
            return up[which] && weight[which] > 0 && !client.tried.contains(which);
        }

        private void compare() {
            waiting.forEach(client -> assertFalse(client.request.isCalled()));
            for (int i = 0; i < bound.length; i++) {
                assertEquals(inFlight[i], pool.backends().get(i).inFlight());
            }
        }
    }

    private static PooledBackend acquired(Pool pool, PickContext request) {
        PooledBackend backend = pool.acquire(request);
        assertNotNull(backend);
        return backend;
    }

    private static Pool pool(BackendConfig... backends) {
        return Requests.pool("main", List.of(backends), members -> pick -> members.getFirst(), new FakeClock(), 7);
    }
}
