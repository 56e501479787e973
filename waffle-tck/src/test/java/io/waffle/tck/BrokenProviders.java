// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.api.StrategyContext;
import io.waffle.api.StrategyProvider;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** Strategies to run the contracts on. */
final class BrokenProviders {

    /** Where a pick puts what it allocates, so that the compiler cannot leave it out. */
    static volatile byte[] sink = {};

    /** The next eligible backend: evenly, whatever the weights. */
    static final Strategy FIRST = backends -> new Rotating(backends, new AtomicInteger());

    private BrokenProviders() {}

    /** Breaks nothing, but is not registered anywhere, and does not follow weights. */
    public static final class Sound implements StrategyProvider {

        @Override
        public String name() {
            return "sound";
        }

        @Override
        public Strategy create(StrategyContext context) {
            context.options().integer("level", 1, 1, 9);
            return FIRST;
        }
    }

    /** Whatever a test makes of it. */
    public static final class Of implements StrategyProvider {

        private final String name;
        private final Function<StrategyContext, Strategy> create;

        Of(Function<StrategyContext, Strategy> create) {
            this("of", create);
        }

        Of(String name, Function<StrategyContext, Strategy> create) {
            this.name = name;
            this.create = create;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Strategy create(StrategyContext context) {
            return create.apply(context);
        }
    }

    static final class NotPublic implements StrategyProvider {

        @Override
        public String name() {
            return "not-public";
        }

        @Override
        public Strategy create(StrategyContext context) {
            return FIRST;
        }
    }

    public static final class ThrowsTheSecondTime implements StrategyProvider {

        private static boolean throwing;

        public ThrowsTheSecondTime() {
            if (throwing) {
                throw new IllegalStateException("not again");
            }
            throwing = true;
        }

        static StrategyProvider make() {
            throwing = false;
            return new ThrowsTheSecondTime();
        }

        @Override
        public String name() {
            return "throws";
        }

        @Override
        public Strategy create(StrategyContext context) {
            return FIRST;
        }
    }

    /** Fails if two threads are in it, which is certain to happen: the first to come waits, a while, for the second. */
    static final class OneAtATime implements Picker {

        private final Backend first;
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger patience = new AtomicInteger(100_000);
        private volatile boolean met;

        OneAtATime(Backend first) {
            this.first = first;
        }

        @Override
        public Backend pick(PickRequest request) {
            try {
                if (inside.incrementAndGet() > 1) {
                    met = true;
                    throw new IllegalStateException("two at once");
                }
                while (!met && patience.getAndDecrement() > 0) {
                    Thread.yield();
                }
                return first;
            } finally {
                inside.decrementAndGet();
            }
        }
    }

    /** Picks the next in turn, and tells this. */
    record Telling(Picker picker, Function<PickRequest, Optional<Backend>> tale) implements Picker {

        Telling(List<Backend> all, Function<PickRequest, Optional<Backend>> tale) {
            this(FIRST.picker(all), tale);
        }

        @Override
        public Backend pick(PickRequest request) {
            return picker.pick(request);
        }

        @Override
        public Optional<Backend> peek(PickRequest request) {
            return tale.apply(request);
        }
    }

    /** Ignores every change of members. */
    static final class KeepsFirstMembers implements Strategy {

        private List<Backend> members = List.of();

        @Override
        public Picker picker(List<Backend> backends) {
            members = members.isEmpty() ? backends : members;
            return new Rotating(members, new AtomicInteger());
        }
    }

    /** Keeps in a static what belongs to one pool. */
    static final class SharesMembers implements Strategy {

        private static volatile List<Backend> members = List.of();

        @Override
        public Picker picker(List<Backend> backends) {
            members = backends;
            return request -> members.get(0);
        }
    }

    /** Does this in {@link #started}. */
    static final class Reporting implements Strategy {

        private final Consumer<Backend> started;

        Reporting(Consumer<Backend> started) {
            this.started = started;
        }

        @Override
        public Picker picker(List<Backend> backends) {
            return FIRST.picker(backends);
        }

        @Override
        public void started(Backend backend) {
            started.accept(backend);
        }

        @Override
        public void completed(Backend backend, Outcome outcome) {}
    }

    static final class ClosesOnce implements Strategy {

        private boolean closed;

        @Override
        public Picker picker(List<Backend> backends) {
            return FIRST.picker(backends);
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed already");
            }
            closed = true;
        }
    }

    private record Rotating(List<Backend> backends, AtomicInteger next) implements Picker {

        @Override
        public Backend pick(PickRequest request) {
            for (int i = 0; i < backends.size(); i++) {
                Backend backend = backends.get(Math.floorMod(next.getAndIncrement(), backends.size()));
                if (request.isEligible(backend)) {
                    return backend;
                }
            }
            for (int i = 0; i < backends.size(); i++) {
                if (request.isEligible(backends.get(i))) {
                    return backends.get(i);
                }
            }
            return backends.get(0);
        }
    }
}
