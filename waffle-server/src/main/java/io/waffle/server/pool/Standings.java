// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Outcome;
import io.waffle.server.config.EjectionConfig;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What happens to how the backends of a pool stand: what attempts come to, what checks find, and when an ejection is over. Each is an event of
 * {@link Standing}; a change is seen by the very next pick, before anything is published, said or described.
 *
 * <p>Threading: any thread.
 */
final class Standings {

    private static final System.Logger LOG = System.getLogger("io.waffle.pool");

    private final Roster roster;
    private final Timer timer;
    private final LongSupplier nanoTime;
    private volatile Ejections ejections;

    Standings(Roster roster, EjectionConfig config, Timer timer, LongSupplier nanoTime) {
        this.roster = roster;
        this.ejections = new Ejections(config);
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    /** Counts by other rules from now on. */
    void goBy(EjectionConfig config) {
        ejections = new Ejections(config);
    }

    /**
     * What active checks have found.
     *
     * @param changes what {@link PooledBackend#changes} was then: if it stands otherwise since, that says nothing of how it is now
     */
    void note(PooledBackend backend, int changes, Standing.Event event) {
        roster.change(() -> {
            Standing from = backend.standing();
            return from.number() == changes && step(backend, from, event, "its checks pass");
        });
    }

    /** Takes an attempt into account that began while its backend stood as the request remembers. */
    void judge(PickContext request, PooledBackend backend, Outcome.Kind kind, int status) {
        EjectionConfig config = ejections.config();
        Verdict verdict = Verdict.of(kind, status, config);
        Standing under = request.under();
        if (verdict == Verdict.NONE || backend.standing() != under) {
            return;
        }
        if (!under.is(Standing.State.SERVING)) {
            Standing.@Nullable Event event = config.disabled() ? Standing.Event.SUCCESS : under.of(verdict);
            if (event != null) {
                tryOut(backend, under, event, said(kind, status));
            }
        } else if (!config.disabled()) {
            record(request, backend, verdict, kind, status);
        }
    }

    private void record(PickContext request, PooledBackend backend, Verdict verdict, Outcome.Kind kind, int status) {
        EjectionConfig config = ejections.config();
        long client = request.clientNumber();
        if (verdict == Verdict.FOR) {
            backend.record().succeed(client, config);
            return;
        }
        TrackRecord.Charge charge = backend.record().fail(verdict, client, request.isKept(), config);
        if (charge != TrackRecord.Charge.NONE) {
            roster.change(() -> condemn(backend, request.under(), charge, kind, status));
        }
    }

    private boolean condemn(
            PooledBackend backend, Standing under, TrackRecord.Charge charge, Outcome.Kind kind, int status) {
        boolean there = backend.isAvailable() || roster.keepsClients(backend);
        if (!there || backend.standing() != under) {
            return false; // already, by another attempt
        }
        List<PooledBackend> members = roster.now().members();
        boolean byStatus = charge == TrackRecord.Charge.IF_IT_STANDS_OUT;
        if (byStatus && !ejections.standsOut(backend, members)) {
            return false;
        }
        TrackRecord.Counts counts = backend.record().counts();
        if (!ejections.allows(backend, members)) {
            backend.complain("would be ejected (" + said(counts, kind, status) + ") if there were enough others");
            return false;
        }
        if (!change(backend, under.by(byStatus), Standing.Event.CONDEMNED)) {
            return false;
        }
        sayEjected(backend, said(counts, kind, status));
        return true;
    }

    private void tryOut(PooledBackend backend, Standing under, Standing.Event event, String last) {
        boolean moot = under.on(event, nanoTime.getAsLong(), ejections) == under;
        if (!moot) {
            roster.change(() ->
                    backend.standing() == under && step(backend, under, event, "its probation failed with " + last));
        }
    }

    private boolean timeOver(PooledBackend backend, long until) {
        Standing from = backend.standing();
        return from.is(Standing.State.EJECTED)
                && from.until() == until
                && step(backend, from, Standing.Event.TIME_OVER, "its time is over");
    }

    private boolean step(PooledBackend backend, Standing from, Standing.Event event, String why) {
        if (!change(backend, from, event)) {
            return false;
        }
        say(backend, from, why);
        return true;
    }

    /** Lets the event happen to a backend that stands so; returns whether it stands otherwise now. */
    private boolean change(PooledBackend backend, Standing from, Standing.Event event) {
        Standing next = from.on(event, nanoTime.getAsLong(), ejections);
        if (next == from || !backend.isMember()) {
            return false;
        }
        backend.stand(next);
        if (from.is(Standing.State.EJECTED) && next.is(Standing.State.EJECTED)) {
            return true; // it is only behind others that are, too
        }
        backend.record().clear();
        roster.stands(backend, comesBack(from, next));
        if (next.is(Standing.State.EJECTED)) {
            long until = next.until();
            timer.after(Duration.ofNanos(until - next.since()), () -> roster.change(() -> timeOver(backend, until)));
        }
        return true;
    }

    private static boolean comesBack(Standing from, Standing next) {
        boolean wasOut = from.is(Standing.State.EJECTED) || from.is(Standing.State.DOWN);
        return wasOut && (next.is(Standing.State.PROBATION) || next.is(Standing.State.SERVING));
    }

    /** What else its checks have found is said by who has checked. */
    private static void say(PooledBackend backend, Standing from, String why) {
        Standing now = backend.standing();
        boolean other = from.state() != now.state();
        if (other && now.is(Standing.State.EJECTED)) {
            sayEjected(backend, why);
        } else if (other && now.is(Standing.State.PROBATION)) {
            LOG.log(Level.INFO, "backend " + backend + " is back on probation: " + why);
        } else if (now.is(Standing.State.SERVING) && from.isLeftOut()) {
            LOG.log(Level.INFO, "backend " + backend + " is back in service");
        }
    }

    private static void sayEjected(PooledBackend backend, String why) {
        Standing now = backend.standing();
        long millis = Duration.ofNanos(now.until() - now.since()).toMillis();
        LOG.log(Level.WARNING, "backend " + backend + " is ejected for " + millis + " ms: " + why);
    }

    private static String said(TrackRecord.Counts counts, Outcome.Kind kind, int status) {
        return counts.inARow() + " failures in a row, " + counts.failures() + " of its last " + counts.attempts()
                + " requests, the last with " + said(kind, status);
    }

    private static String said(Outcome.Kind kind, int status) {
        return kind == Outcome.Kind.SERVER_ERROR ? "status " + status : kind.name();
    }

    /** How much longer one that is ejected is left out. */
    Optional<Duration> left(PooledBackend backend) {
        Standing now = backend.standing();
        return now.is(Standing.State.EJECTED)
                ? Optional.of(Duration.ofNanos(Math.max(0, now.until() - nanoTime.getAsLong())))
                : Optional.empty();
    }
}
