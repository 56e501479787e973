// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several strategies choose over the same members: the pool's own, and those that routes want otherwise. */
final class RouteStrategiesTest {

    private final Noting first = new Noting(0);
    private final Noting second = new Noting(1);

    /** Always picks the backend at its place, and notes what it is told. */
    private static final class Noting implements Strategy {

        private final int place;
        private final List<String> events = new ArrayList<>();
        private int pickers;

        Noting(int place) {
            this.place = place;
        }

        @Override
        public Picker picker(List<Backend> backends) {
            pickers++;
            return request -> backends.get(Math.min(place, backends.size() - 1));
        }

        @Override
        public void started(Backend backend) {
            events.add("started " + backend.id());
        }

        @Override
        public void completed(Backend backend, Outcome outcome) {
            events.add("completed " + backend.id());
        }

        @Override
        public void close() {
            events.add("closed");
        }
    }

    private static Policy policy(Strategy own, Strategy... ofRoutes) {
        return new Policy(own, List.of(ofRoutes), Requests.NO_EJECTION, Duration.ZERO, Optional.empty());
    }

    private static Pool pool(Policy policy, String... hosts) {
        Pool pool = Requests.pool("p", Requests.backends(hosts), policy.strategy(), System::nanoTime, 1);
        pool.goBy(policy);
        return pool;
    }

    private static Requests.Plain by(Strategy strategy) {
        Requests.Plain request = new Requests.Plain();
        request.balancedBy(strategy);
        return request;
    }

    private static String send(Pool pool, PickContext request) {
        PooledBackend backend = pool.acquire(request);
        assertNotNull(backend);
        pool.release(request, backend, Requests.OK);
        return backend.id();
    }

    @Test
    void eachRequestIsBalancedByWhomItsRouteWantsAndThatOneIsToldOfIt() {
        Pool pool = pool(policy(first, second), "a", "b");
        assertEquals("a:80", send(pool, new Requests.Plain()));
        assertEquals("b:80", send(pool, by(second)));
        assertEquals(List.of("started a:80", "completed a:80"), first.events);
        assertEquals(List.of("started b:80", "completed b:80"), second.events);
    }

    @Test
    void theNextRequestIsBalancedAsThePoolHasItAgain() {
        Pool pool = pool(policy(first, second), "a", "b");
        Requests.Plain request = by(second);
        send(pool, request);
        request.reset();
        assertEquals("a:80", send(pool, request));
    }

    @Test
    void whatIsInFlightIsSeenByAll() {
        Strategy least = backends -> request -> backends.stream()
                .min(Comparator.comparingInt(Backend::inFlight))
                .orElseThrow();
        Pool pool = pool(policy(first, least), "a", "b", "c");
        List<PooledBackend> busy = IntStream.range(0, 3)
                .mapToObj(i -> pool.acquire(new Requests.Plain()))
                .toList();
        assertEquals(
                List.of("a:80", "a:80", "a:80"),
                busy.stream().map(PooledBackend::id).toList());
        assertEquals("b:80", send(pool, by(least)));
    }

    @Test
    void aFaultOfOneIsNotThatOfTheOther() {
        Strategy broken = backends -> request -> {
            throw new IllegalStateException("broken");
        };
        Pool pool = pool(policy(first, broken), "a", "b");
        for (int i = 0; i < 200; i++) {
            assertEquals("a:80", send(pool, new Requests.Plain()));
            assertNotNull(send(pool, by(broken)));
        }
        assertFalse(pool.isQuarantined());
        assertEquals(0, pool.faults());
    }

    @Test
    void oneThatStaysIsLeftAloneAndOneThatGoesIsClosedOnce() {
        Pool pool = pool(policy(first, second), "a", "b");
        int made = second.pickers;
        Noting third = new Noting(1);
        pool.goBy(policy(third, second));
        assertEquals("b:80", send(pool, by(second)));
        assertEquals(List.of("closed"), first.events);
        assertEquals(List.of("started b:80", "completed b:80"), second.events);
        assertEquals(made + 1, second.pickers, "as with each change, one picker more");
        pool.goBy(policy(third));
        assertEquals(List.of("started b:80", "completed b:80", "closed"), second.events);
        assertEquals("b:80", send(pool, by(second)), "by the pool's own: its route is of a configuration that is gone");
        pool.goBy(policy(second, third));
        assertEquals(0, third.events.indexOf("started b:80"));
        assertFalse(third.events.contains("closed"), "the pool's own became that of a route");
        pool.close();
        assertEquals(1, third.events.stream().filter("closed"::equals).count());
    }

    @Test
    void allAreAskedForPickersWhenTheMembersChange() {
        Pool pool = pool(policy(first, second), "a", "b");
        int before = second.pickers;
        pool.update(Requests.backends("a", "b", "c"));
        assertEquals(before + 1, second.pickers);
        pool.update(Requests.backends("c"));
        assertEquals("c:80", send(pool, by(second)));
    }

    @Test
    void explainTellsWhomItWouldChoose() {
        Strategy told = backends -> new Picker() {
            @Override
            public Backend pick(io.waffle.api.PickRequest request) {
                return backends.get(1);
            }

            @Override
            public Optional<Backend> peek(io.waffle.api.PickRequest request) {
                return Optional.of(backends.get(1));
            }
        };
        Pool pool = pool(policy(first, told), "a", "b");
        Explanation explanation = pool.explain(by(told));
        assertEquals("b:80", explanation.choice().orElseThrow().id());
    }
}
