// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Backend;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.plugin.FaultLog;
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
    private final Habits habits;
    private final TrackRecord record;
    private final LongSupplier nanoTime;

    private volatile BackendConfig config;
    private volatile boolean member = true;
    private volatile Standing standing = Standing.first();
    private volatile boolean draining;

    /** What its standing, its weight and what is configured of it come to. */
    private volatile Tier tier = Tier.NONE;

    /** The most it may have in flight. */
    private volatile int bound;

    /** The same; 0 while it is on probation, so that whoever asks whether it is full looks more closely. */
    private volatile int limit;

    private volatile int weight = SlowStart.SCALE;
    private volatile int inFlight;
    private volatile long drainsSince;
    private volatile @Nullable StickyCookie cookie;
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
        boolean usualPort = config.port() < 0 || config.port() == (tls() ? 443 : 80);
        authority = (usualPort ? written : written + ":" + config.port()).getBytes(StandardCharsets.US_ASCII);
        prefix = config.path().getBytes(StandardCharsets.US_ASCII);
        faults = new FaultLog("", nanoTime);
        habits = new Habits(this::complain, nanoTime);
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
        faults.warn("backend " + id + ": " + what, null);
    }

    /** How it treats its connections. */
    public Habits habits() {
        return habits;
    }

    /** Whether active checks have nothing against it. */
    public boolean isUp() {
        return !standing.is(Standing.State.DOWN);
    }

    /** Whether it is left out for a while, since its requests failed. */
    public boolean isEjected() {
        return standing.is(Standing.State.EJECTED);
    }

    /** Whether there is nothing that checks which pass could end. */
    public boolean isWell() {
        Standing now = standing;
        return now.is(Standing.State.SERVING) || (now.is(Standing.State.PROBATION) && now.ejections() == 1);
    }

    /** Counts the changes of how it stands: two equal ones have none in between. */
    public int changes() {
        return standing.number();
    }

    /** Whether the last that was heard of it was no good. */
    public boolean isInDoubt() {
        return !standing.is(Standing.State.SERVING) || record.isFailing();
    }

    /** Whether it is still in its pool. One that left finishes what it has in flight. */
    public boolean isMember() {
        return member;
    }

    /** How good a choice it is: what every choice asks. */
    Tier tier() {
        return tier;
    }

    /** Whether nothing speaks against it. One on probation may have enough to do for now, all the same. */
    boolean isAvailable() {
        return tier.isWell();
    }

    /** Whether it can be relied on: one on probation cannot yet. */
    boolean isInService() {
        return isAvailable() && standing.is(Standing.State.SERVING);
    }

    /** Whether a request may be sent there as one of this tier, full or not. One that has all its places of a probation taken is a last resort. */
    boolean isOf(Tier wanted) {
        Tier now = tier;
        boolean busy = now.isWell() && standing.isFull();
        return wanted != Tier.NONE && (busy ? wanted == Tier.EJECTED : now == wanted);
    }

    Standing standing() {
        return standing;
    }

    /** Whether it is meant to get requests, whatever health says. */
    boolean takesRequests() {
        return member && config.weight() > 0 && !config.draining();
    }

    /** All that speaks against it now. */
    List<Explanation.Obstacle> obstacles() {
        List<Explanation.Obstacle> found = new ArrayList<>();
        add(found, !isUp(), Explanation.Obstacle.DOWN);
        add(found, isEjected(), Explanation.Obstacle.EJECTED);
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
        return draining && isUp() && !isEjected() && nanoTime.getAsLong() - drainsSince < keptFor;
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

    boolean isOf(Roster roster) {
        return this.roster == roster;
    }

    void config(BackendConfig config) {
        this.config = config;
        update();
    }

    void stand(Standing next) {
        standing = next;
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
        Standing now = standing;
        bound = config.inFlight() == 0 ? Integer.MAX_VALUE : config.inFlight();
        limit = now.is(Standing.State.PROBATION) ? 0 : bound;
        tier = takesRequests() ? tier(now) : Tier.NONE;
        boolean drains = member && !takesRequests();
        if (drains && !draining) {
            drainsSince = nanoTime.getAsLong();
        }
        draining = drains;
    }

    private Tier tier(Standing now) {
        return switch (now.state()) {
            case SERVING, PROBATION -> config.backup() ? Tier.BACKUP : Tier.AVAILABLE;
            case EJECTED -> Tier.EJECTED;
            case DOWN -> Tier.DOWN;
        };
    }

    /** Whether there is a bound to what it has in flight. */
    boolean isBounded() {
        return bound != Integer.MAX_VALUE;
    }

    /** Whether it has as much in flight as it may. */
    boolean isFull() {
        return inFlight >= limit && (inFlight >= bound || standing.isFull());
    }

    /** Whether it is full for one that chose it as of this tier: as a last resort, a probation has places for all. */
    boolean isFullFor(Tier chosenAs) {
        return chosenAs == Tier.EJECTED ? inFlight >= bound : isFull();
    }

    /** Counts one in; returns how it stands, which the one is counted out by, or null if it is full. */
    @Nullable
    Standing countIn() {
        return countIn(false);
    }

    /** @param lastResort whether there is no other choice, so that a probation has places for all */
    @Nullable
    Standing countIn(boolean lastResort) {
        Standing now = standing;
        if (!now.enter(lastResort)) {
            return null;
        }
        if (!isBounded()) {
            IN_FLIGHT.incrementAndGet(this);
            return now;
        }
        int seen;
        do {
            seen = inFlight;
            if (seen >= bound) {
                now.leave();
                return null;
            }
        } while (!IN_FLIGHT.compareAndSet(this, seen, seen + 1));
        return now;
    }

    /** Counts one in if there are so many; null if not, or if it is full. */
    @Nullable
    Standing countIn(int seen) {
        Standing now = standing;
        if (seen >= bound || !now.enter(false)) {
            return null;
        }
        if (!IN_FLIGHT.compareAndSet(this, seen, seen + 1)) {
            now.leave();
            return null;
        }
        return now;
    }

    /** Counts out one that was counted in so. A count below zero means it was counted out twice: better found here than as a backend that looks idle for ever. */
    void countOut(Standing under) {
        int left = IN_FLIGHT.decrementAndGet(this);
        if (left < 0) {
            IN_FLIGHT.incrementAndGet(this);
            throw new IllegalStateException(id + ": released more often than acquired");
        }
        under.leave();
    }

    /** Lets another one have the place of one that was counted in so; null if there is none for it any more, and then the one is still counted in. */
    @Nullable
    Standing handOver(Standing under) {
        Standing now = standing;
        if (inFlight > bound) {
            return null;
        }
        if (now != under) {
            if (!now.enter(false)) {
                return null;
            }
            under.leave();
        }
        return now;
    }

    @Override
    public String toString() {
        return id;
    }
}
