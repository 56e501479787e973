// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Backend;
import io.waffle.server.config.BackendConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend of a {@link Pool}: the same object for as long as its URL stays in the pool, whatever else changes.
 *
 * <p>Threading: read by any thread. The count is changed by any thread, all else by the pool under its lock.
 */
public final class PooledBackend implements Backend {

    private static final AtomicIntegerFieldUpdater<PooledBackend> IN_FLIGHT =
            AtomicIntegerFieldUpdater.newUpdater(PooledBackend.class, "inFlight");

    private final Roster roster;
    private final URI uri;
    private final String id;
    private final String host;
    private final byte[] authority;
    private final byte[] prefix;
    private final FaultLog faults;
    private final TrackRecord record;
    private final LongSupplier nanoTime;

    private volatile BackendConfig config;
    private volatile boolean member = true;
    private volatile boolean up = true;
    private volatile boolean ejected;
    private volatile boolean draining;

    /** What the flags above and the weight come to. */
    private volatile boolean available;

    private volatile int maxInFlight;
    private volatile int weight = SlowStart.SCALE;
    private volatile int inFlight;
    private volatile long drainsSince;
    private volatile @Nullable StickyCookie cookie;
    private int ejections;
    private long ejectedUntil;
    private long readmittedAt;
    private boolean growing;
    private long growsSince;

    PooledBackend(Roster roster, BackendConfig config, LongSupplier nanoTime) {
        this.roster = roster;
        this.record = new TrackRecord(nanoTime);
        this.nanoTime = nanoTime;
        this.config = config;
        uri = config.uri();
        id = config.id();
        host = config.host().text();
        String written = config.host().bracketed();
        boolean usualPort = config.port() == (tls() ? 443 : 80);
        authority = (usualPort ? written : written + ":" + config.port()).getBytes(StandardCharsets.US_ASCII);
        prefix = uri.getRawPath().getBytes(StandardCharsets.US_ASCII);
        faults = new FaultLog("backend " + id + ": ", nanoTime);
        update();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public URI uri() {
        return uri;
    }

    /** One that gets no new request has a weight, too: what a strategy makes of it does not matter. */
    @Override
    public int weight() {
        return weight;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public Map<String, String> labels() {
        return config.labels();
    }

    /** What is configured for it now. */
    public BackendConfig config() {
        return config;
    }

    /** Whether it is spoken to over TLS. */
    public boolean tls() {
        return uri.getScheme().equals("https");
    }

    /** The name or address literal to connect to; an IPv6 literal without its brackets. */
    public String host() {
        return host;
    }

    /** The port to connect to. */
    public int port() {
        return config.port();
    }

    /** What its own {@code Host} field says: host and port, without a port that is the scheme's usual one. Not to be changed. */
    public byte[] authority() {
        return authority;
    }

    /** The path its URL puts in front of every target; may be empty. Not to be changed. */
    public byte[] prefix() {
        return prefix;
    }

    /** Warns of what this backend did wrong, at a bounded rate of its own. */
    public void complain(String what) {
        faults.warn(what, null);
    }

    /** Whether active checks have nothing against it. */
    public boolean isUp() {
        return up;
    }

    /** Whether it is left out for a while, since its requests failed. */
    public boolean isEjected() {
        return ejected;
    }

    /** Whether it is still in its pool. One that left finishes what it has in flight. */
    public boolean isMember() {
        return member;
    }

    /** Whether a request may be sent there at all: the one predicate that every choice asks. */
    boolean isAvailable() {
        return available;
    }

    /** Whether it is meant to get requests, whatever health says. */
    boolean takesRequests() {
        return member && config.weight() > 0 && !config.draining();
    }

    /** All that speaks against it now. */
    List<Explanation.Obstacle> obstacles() {
        List<Explanation.Obstacle> found = new ArrayList<>();
        add(found, !up, Explanation.Obstacle.DOWN);
        add(found, ejected, Explanation.Obstacle.EJECTED);
        add(found, config.draining(), Explanation.Obstacle.DRAINING);
        add(found, config.weight() == 0, Explanation.Obstacle.NO_WEIGHT);
        add(found, isFull(), Explanation.Obstacle.FULL);
        return List.copyOf(found);
    }

    private static void add(List<Explanation.Obstacle> to, boolean there, Explanation.Obstacle obstacle) {
        if (there) {
            to.add(obstacle);
        }
    }

    /**
     * Whether it still serves the clients that are kept with it, though it takes no others.
     *
     * @param keptFor how long after it began to drain, in nanoseconds
     */
    boolean keepsClients(long keptFor) {
        return draining && up && !ejected && nanoTime.getAsLong() - drainsSince < keptFor;
    }

    /** What keeps clients with it; null if nothing does. */
    @Nullable
    StickyCookie cookie() {
        return cookie;
    }

    void stick(Optional<Stickiness> how) {
        cookie = how.map(to -> to.cookie(id)).orElse(null);
    }

    TrackRecord record() {
        return record;
    }

    /** How often it was ejected without having been well for long in between. */
    int ejections() {
        return ejections;
    }

    /** When its ejection ends, as {@link System#nanoTime}. */
    long ejectedUntil() {
        return ejectedUntil;
    }

    /** When it came back from its last ejection, as {@link System#nanoTime}. */
    long readmittedAt() {
        return readmittedAt;
    }

    boolean isOf(Roster roster) {
        return this.roster == roster;
    }

    void config(BackendConfig config) {
        this.config = config;
        update();
    }

    void up(boolean up) {
        this.up = up;
        update();
    }

    void eject(int repetition, long until) {
        ejections = repetition;
        ejectedUntil = until;
        ejected = true;
        update();
    }

    void readmit(long now) {
        readmittedAt = now;
        ejected = false;
        update();
    }

    /** Whether its weight grows to what is configured: see {@link SlowStart}. */
    boolean isGrowing() {
        return growing;
    }

    /** Since when, as {@link System#nanoTime}. */
    long growsSince() {
        return growsSince;
    }

    void growSince(long now) {
        growing = true;
        growsSince = now;
    }

    void grown() {
        growing = false;
    }

    void weigh(int now) {
        weight = now;
    }

    void leave() {
        member = false;
        update();
    }

    private void update() {
        maxInFlight = config.inFlight() == 0 ? Integer.MAX_VALUE : config.inFlight();
        available = up && !ejected && takesRequests();
        boolean drains = member && !takesRequests();
        if (drains && !draining) {
            drainsSince = nanoTime.getAsLong();
        }
        draining = drains;
    }

    /** Whether there is a bound to what it has in flight. */
    boolean isBounded() {
        return maxInFlight != Integer.MAX_VALUE;
    }

    /** Whether it has as much in flight as it may. */
    boolean isFull() {
        return inFlight >= maxInFlight;
    }

    /** False if it is full. */
    boolean countIn() {
        if (!isBounded()) {
            IN_FLIGHT.incrementAndGet(this);
            return true;
        }
        int seen;
        do {
            seen = inFlight;
            if (seen >= maxInFlight) {
                return false;
            }
        } while (!countIn(seen));
        return true;
    }

    boolean countIn(int seen) {
        return seen < maxInFlight && IN_FLIGHT.compareAndSet(this, seen, seen + 1);
    }

    /** A count below zero means an attempt was released twice: better found here than as a backend that looks idle for ever. */
    void countOut() {
        int left = IN_FLIGHT.decrementAndGet(this);
        if (left < 0) {
            IN_FLIGHT.incrementAndGet(this);
            throw new IllegalStateException(id + ": released more often than acquired");
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
