// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Backend;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose weight and number in flight a test sets. Threading: any thread. */
public final class FakeBackend implements Backend {

    /** What {@link Backend#weight} tells of a configured weight of 1. */
    private static final int SCALE = 100;

    private static final int MOST = 65_535;

    private final String id;
    private final Map<String, String> labels;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile int weight = SCALE;

    /** A backend of weight 1 without labels, at {@code http://HOST:8080}. */
    public FakeBackend(String host) {
        this(host, Map.of());
    }

    /** A backend of weight 1. */
    public FakeBackend(String host, Map<String, String> labels) {
        this.id = host + ":8080";
        this.labels = Map.copyOf(labels);
    }

    /** As many as there are weights: {@code backend-0:8080} and so on. */
    public static List<FakeBackend> weighted(int... weights) {
        List<FakeBackend> all = new ArrayList<>();
        for (int weight : weights) {
            all.add(new FakeBackend("backend-" + all.size()).weight(weight));
        }
        return List.copyOf(all);
    }

    /** This many, of weight 1. */
    public static List<FakeBackend> many(int count) {
        List<FakeBackend> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new FakeBackend("backend-" + i));
        }
        return List.copyOf(all);
    }

    /** From now on it is configured with this weight, and has all of it. A host calls {@link io.waffle.api.Strategy#picker} after that. */
    public FakeBackend weight(int configured) {
        if (configured < 1 || configured > MOST) {
            throw new IllegalArgumentException("weight: " + configured + " (expected: 1-65535)");
        }
        return effectiveWeight(configured * SCALE);
    }

    /** From now on {@link #weight()} tells this, in hundredths, as while a backend starts slowly. */
    public FakeBackend effectiveWeight(int hundredths) {
        if (hundredths < 1 || hundredths > MOST * SCALE) {
            throw new IllegalArgumentException("effective weight: " + hundredths + " (expected: 1-6553500)");
        }
        this.weight = hundredths;
        return this;
    }

    /** From now on this many are in flight. */
    public FakeBackend inFlight(int inFlight) {
        this.inFlight.set(inFlight);
        return this;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public URI uri() {
        return URI.create("http://" + id);
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public Map<String, String> labels() {
        return labels;
    }

    @Override
    public String toString() {
        return id;
    }

    void countIn() {
        inFlight.incrementAndGet();
    }

    boolean countIn(int seen) {
        return inFlight.compareAndSet(seen, seen + 1);
    }

    void countOut() {
        inFlight.decrementAndGet();
    }
}
