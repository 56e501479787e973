// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** Strategies that look right, and are wrong in ways that show only in service. */
final class SubtlyWrong {

    private SubtlyWrong() {}

    /** The first that is eligible, from this position on. */
    private static Backend from(long position, List<Backend> all, PickRequest request) {
        for (int i = 0; i < all.size(); i++) {
            Backend backend = all.get((int) Math.floorMod(position + i, (long) all.size()));
            if (request.isEligible(backend)) {
                return backend;
            }
        }
        return all.get(0);
    }

    /** The eligible one with the least of something; the first of those that tie. */
    private static Backend least(List<Backend> all, PickRequest request, ToLongFunction<Backend> of) {
        Backend best = null;
        for (Backend backend : all) {
            if (request.isEligible(backend) && (best == null || of.applyAsLong(backend) < of.applyAsLong(best))) {
                best = backend;
            }
        }
        return best == null ? all.get(0) : best;
    }

    private static long mix(long bits) {
        long x = bits * 0x9E37_79B9_7F4A_7C15L;
        x = (x ^ (x >>> 29)) * 0xBF58_476D_1CE4_E5B9L;
        return x ^ (x >>> 32);
    }

    /** Goes by the weights it saw first. */
    static final class StaleWeights implements Strategy {

        private final Map<Backend, Integer> first = new HashMap<>();
        private final AtomicLong turn = new AtomicLong();

        @Override
        public Picker picker(List<Backend> backends) {
            int[] weights = backends.stream()
                    .mapToInt(backend -> first.computeIfAbsent(backend, Backend::weight))
                    .toArray();
            int sum = 0;
            for (int weight : weights) {
                sum += weight;
            }
            int total = sum;
            return request -> {
                long left = Math.floorMod(mix(turn.getAndIncrement()), (long) total);
                int at = 0;
                while (left >= weights[at]) {
                    left -= weights[at++];
                }
                return from(at, backends, request);
            };
        }
    }

    /** Counts in flight by itself, and out only what says something of the backend. */
    static final class LeakyCounts implements Strategy {

        private final Map<Backend, AtomicInteger> counts = new ConcurrentHashMap<>();
        private final AtomicLong turn = new AtomicLong();

        @Override
        public Picker picker(List<Backend> backends) {
            counts.keySet().retainAll(backends);
            backends.forEach(this::count);
            return request -> {
                Backend next = from(turn.getAndIncrement(), backends, request);
                Backend least =
                        least(backends, request, backend -> count(backend).get());
                return count(least).get() < count(next).get() ? least : next;
            };
        }

        private AtomicInteger count(Backend backend) {
            AtomicInteger count = counts.get(backend);
            return count != null ? count : counts.computeIfAbsent(backend, none -> new AtomicInteger());
        }

        @Override
        public void started(Backend backend) {
            count(backend).incrementAndGet();
        }

        @Override
        public void completed(Backend backend, Outcome outcome) {
            if (outcome.kind().judgesBackend()) {
                count(backend).decrementAndGet();
            }
        }
    }

    /** Takes the remainder of a number that will be negative. */
    static final class Overflows implements Strategy {

        private final AtomicInteger next = new AtomicInteger();

        @Override
        public Picker picker(List<Backend> backends) {
            return request ->
                    from(backends.indexOf(backends.get(next.getAndIncrement() % backends.size())), backends, request);
        }
    }

    /** Backs off before it repeats. */
    static final class SleepsOnRetry implements Strategy {

        private final AtomicLong turn = new AtomicLong();

        @Override
        public Picker picker(List<Backend> backends) {
            return request -> {
                if (request.attempt() == 2) {
                    pause();
                }
                return from(turn.getAndIncrement(), backends, request);
            };
        }

        private static void pause() {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Has a history of each backend there ever was. */
    static final class KeepsAll implements Strategy {

        private final Set<Backend> ever = new HashSet<>();
        private final AtomicLong turn = new AtomicLong();

        @Override
        public Picker picker(List<Backend> backends) {
            ever.addAll(backends);
            return request -> from(turn.getAndIncrement(), backends, request);
        }
    }

    /** Has its position in a plain field, which another thread may move behind the end before it is used. */
    static final class Racy implements Strategy {

        private int next;

        @Override
        public Picker picker(List<Backend> backends) {
            return request -> {
                for (int i = 0; i < backends.size(); i++) {
                    next++;
                    if (next >= backends.size()) {
                        next = 0;
                    }
                    Backend backend = backends.get(next);
                    if (request.isEligible(backend)) {
                        return backend;
                    }
                }
                return from(0, backends, request);
            };
        }
    }

    /** Goes by the last answer of each, and asks one that was slow once never again. */
    static final class Fastest implements Strategy {

        private final Map<Backend, AtomicLong> nanos = new ConcurrentHashMap<>();

        @Override
        public Picker picker(List<Backend> backends) {
            nanos.keySet().retainAll(backends);
            backends.forEach(backend -> nanos.computeIfAbsent(backend, none -> new AtomicLong()));
            return request -> least(backends, request, this::last);
        }

        private long last(Backend backend) {
            AtomicLong last = nanos.get(backend);
            return last == null ? 0 : last.get();
        }

        @Override
        public void completed(Backend backend, Outcome outcome) {
            AtomicLong last = nanos.get(backend);
            if (last != null) {
                last.set(outcome.totalNanos());
            }
        }
    }

    /** One pick at a time. */
    static final class OneLock implements Strategy {

        private long turn;

        @Override
        public Picker picker(List<Backend> backends) {
            return request -> {
                synchronized (this) {
                    return from(turn++, backends, request);
                }
            };
        }
    }

    /** Hashes what a client of IPv6 chooses by itself, and not where it is. */
    static final class LowBits implements Strategy {

        @Override
        public Picker picker(List<Backend> backends) {
            return request -> from(mix((int) request.client().low()) >>> 33, backends, request);
        }
    }

    /** Waits for a time by a clock, without letting go of its thread. */
    static final class Spins implements Strategy {

        private final io.waffle.api.StrategyContext context;
        private final AtomicLong turn = new AtomicLong();

        Spins(io.waffle.api.StrategyContext context) {
            this.context = context;
        }

        @Override
        public Picker picker(List<Backend> backends) {
            return request -> {
                long start = context.nanoTime();
                while (request.attempt() > 1 && context.nanoTime() - start < 5_000_000) {
                    Thread.onSpinWait();
                }
                return from(turn.getAndIncrement(), backends, request);
            };
        }
    }
}
