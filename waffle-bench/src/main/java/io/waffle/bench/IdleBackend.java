// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.api.Backend;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** A backend with the fields a pick reads, volatile as the server's. */
final class IdleBackend implements Backend {

    private static final AtomicIntegerFieldUpdater<IdleBackend> IN_FLIGHT =
            AtomicIntegerFieldUpdater.newUpdater(IdleBackend.class, "inFlight");

    private final String id;
    private volatile int inFlight;
    private volatile boolean up = true;

    IdleBackend(String id) {
        this.id = id;
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
        return 1;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public Map<String, String> labels() {
        return Map.of();
    }

    boolean isUp() {
        return up;
    }

    boolean countIn(int seen) {
        return IN_FLIGHT.compareAndSet(this, seen, seen + 1);
    }

    void countOut() {
        IN_FLIGHT.decrementAndGet(this);
    }
}
