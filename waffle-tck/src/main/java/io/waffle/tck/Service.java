// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Outcome;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A strategy in service, as the host has it: it is told of each attempt, and time goes by. One request at a time, so an idle pool. */
final class Service implements AutoCloseable {

    private final Strategy strategy;
    private final FakeContext context;
    private final RandomGenerator random = Contract.seeded();
    private final FakeRequest request = new FakeRequest();

    /** Set by the first change. */
    private Picker picker = none -> {
        throw new IllegalStateException("no members");
    };

    Service(Strategy strategy, FakeContext context) {
        this.strategy = strategy;
        this.context = context;
    }

    /** The members, or their weights, are these now. */
    Service change(List<FakeBackend> members) {
        picker = strategy.picker(Contract.list(members));
        return this;
    }

    /** An attempt that somebody else chose ends like this. */
    void attempt(FakeBackend backend, Outcome outcome) {
        strategy.started(backend);
        pass(Duration.ofNanos(outcome.totalNanos()));
        strategy.completed(backend, outcome);
    }

    void pass(Duration time) {
        context.advance(time);
    }

    /** Serves so many requests well, one each so often, from clients anywhere, and returns how many each backend got. */
    Map<FakeBackend, Integer> serve(int requests, Duration every, String rule) {
        Map<FakeBackend, Integer> counts = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            request.client(FakeRequest.ipv4(random.nextInt()));
            FakeBackend picked = Picks.one(picker, request, rule);
            counts.merge(picked, 1, Integer::sum);
            strategy.started(picked);
            pass(every);
            strategy.completed(picked, new Outcome(Outcome.Kind.SUCCESS, 200, 1_000_000, 1_000_000));
        }
        return counts;
    }

    @Override
    public void close() {
        strategy.close();
    }
}
