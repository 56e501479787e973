// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * How a backend stands: in service, left out for a while, back on probation, or held down by its checks. Health and ejection are this one
 * machine; what each {@link Event} makes of it is {@link #on}, and the table of docs/architecture.md.
 *
 * <p>Each change makes a new object, so that an attempt knows the standing it began under: what it tells of another one, from before an
 * ejection or a return, counts for nothing.
 *
 * <p>Threading: immutable, but for the places of a probation, which any thread takes.
 */
final class Standing {

    /** The states of the machine. */
    enum State {
        /** Nothing is held against it. */
        SERVING,
        /** Left out for a while, since its requests failed: the last resort. */
        EJECTED,
        /** Back from that, and sent a few requests at once, no more, until one succeeds. */
        PROBATION,
        /** Active checks hold it down. */
        DOWN
    }

    /** What can happen to a backend. Attempts are those that began under the standing they are held against. */
    enum Event {
        /** An attempt ended well. */
        SUCCESS,
        /** An attempt failed. */
        FAILURE,
        /** So many attempts failed that it is to be left out, and there are enough others. */
        CONDEMNED,
        /** The time of its ejection is over. */
        TIME_OVER,
        /** {@code rise} checks in a row, begun under this standing, have passed. */
        CHECKS_PASS,
        /** {@code fall} checks in a row have failed. */
        CHECKS_FAIL,
        /** It is checked no more. */
        CHECKS_END
    }

    /** How many requests at once are a trial: one could be an odd one, and a slow one would be long about it. */
    static final int PLACES = 3;

    private static final AtomicIntegerFieldUpdater<Standing> TAKEN =
            AtomicIntegerFieldUpdater.newUpdater(Standing.class, "taken");

    private static final AtomicIntegerFieldUpdater<Standing> DOUBTS =
            AtomicIntegerFieldUpdater.newUpdater(Standing.class, "doubts");

    private final int number;
    private final State state;

    /** Since when it is left out, as {@link System#nanoTime}; of no meaning in service. */
    private final long since;

    /** Until when, if it is ejected. */
    private final long until;

    /** Probations in a row that failed: each doubles the time of the next ejection. */
    private final int failures;

    /** Whether statuses alone have ejected it: then a status alone is not the end of a probation, unless there are a few. */
    private final boolean byStatus;

    private volatile int taken;

    @SuppressWarnings("UnusedVariable") // but by its updater
    private volatile int doubts;

    private Standing(int number, State state, long since, long until, int failures, boolean byStatus) {
        this.number = number;
        this.state = state;
        this.since = since;
        this.until = until;
        this.failures = failures;
        this.byStatus = byStatus;
    }

    /** That of a backend that has just come. */
    static Standing first() {
        return new Standing(0, State.SERVING, 0, 0, 0, false);
    }

    /**
     * What the event makes of it; this if nothing.
     *
     * @param now as {@link System#nanoTime}
     * @param times how long it is left out
     */
    Standing on(Event event, long now, EjectionTimes times) {
        return switch (state) {
            case SERVING -> onServing(event, now, times);
            case EJECTED -> onEjected(event, now);
            case PROBATION -> onProbation(event, now, times);
            case DOWN -> onDown(event);
        };
    }

    private Standing onServing(Event event, long now, EjectionTimes times) {
        return switch (event) {
            case CONDEMNED -> next(State.EJECTED, now, now + times.after(0), 0);
            case CHECKS_FAIL -> next(State.DOWN, now, 0, 0);
            case SUCCESS, FAILURE, TIME_OVER, CHECKS_PASS, CHECKS_END -> this;
        };
    }

    private Standing onEjected(Event event, long now) {
        return switch (event) {
            case SUCCESS -> next(State.SERVING, 0, 0, 0);
            case FAILURE -> next(State.EJECTED, now, until, failures); // behind the others that are left out
            case TIME_OVER -> next(State.PROBATION, since, 0, failures);
            case CHECKS_PASS -> next(State.PROBATION, since, 0, 0);
            case CHECKS_FAIL -> next(State.DOWN, now, 0, 0);
            case CONDEMNED, CHECKS_END -> this;
        };
    }

    private Standing onProbation(Event event, long now, EjectionTimes times) {
        return switch (event) {
            case SUCCESS -> next(State.SERVING, 0, 0, 0);
            case FAILURE -> next(State.EJECTED, now, now + times.after(failures + 1), failures + 1);
            case CHECKS_PASS -> failures == 0 ? this : next(State.PROBATION, since, 0, 0);
            case CHECKS_FAIL -> next(State.DOWN, now, 0, 0);
            case CONDEMNED, TIME_OVER, CHECKS_END -> this;
        };
    }

    private Standing onDown(Event event) {
        return switch (event) {
            case CHECKS_PASS, CHECKS_END -> next(State.SERVING, 0, 0, 0);
            case SUCCESS, FAILURE, CONDEMNED, TIME_OVER, CHECKS_FAIL -> this;
        };
    }

    private Standing next(State state, long since, long until, int failures) {
        return new Standing(number + 1, state, since, until, failures, byStatus);
    }

    /** The same, ejected by statuses alone or not. */
    Standing by(boolean statusAlone) {
        return new Standing(number, state, since, until, failures, statusAlone);
    }

    State state() {
        return state;
    }

    boolean is(State one) {
        return state == one;
    }

    /** Counts the changes. */
    int number() {
        return number;
    }

    long since() {
        return since;
    }

    long until() {
        return until;
    }

    /** How often it was ejected without having been in service in between; 0 in service. */
    int ejections() {
        return state == State.EJECTED || state == State.PROBATION ? failures + 1 : 0;
    }

    /** Whether it is left out, or was and is not yet trusted: one of these counts as out of service. */
    boolean isLeftOut() {
        return state == State.EJECTED || state == State.PROBATION;
    }

    /**
     * What an attempt comes to for one that is out of service; null for nothing. A status that only its application answers for is no sign of what a
     * broken connection had ejected it for; of one that statuses had ejected, a few of them with no better answer in between are.
     */
    @Nullable
    Event of(Verdict verdict) {
        return switch (verdict) {
            case FOR -> Event.SUCCESS;
            case AGAINST -> Event.FAILURE;
            case DOUBTFUL -> !byStatus ? Event.SUCCESS : DOUBTS.incrementAndGet(this) < PLACES ? null : Event.FAILURE;
            case NONE -> null;
        };
    }

    /** Whether as many as may be are on trial. */
    boolean isFull() {
        return state == State.PROBATION && taken >= PLACES;
    }

    /**
     * Takes one on trial, if this is a probation.
     *
     * @param lastResort whether there is no other choice: then there is no bound
     * @return false if there are as many as may be
     */
    boolean enter(boolean lastResort) {
        if (state != State.PROBATION) {
            return true;
        }
        int seen;
        do {
            seen = taken;
            if (seen >= PLACES && !lastResort) {
                return false;
            }
        } while (!TAKEN.compareAndSet(this, seen, seen + 1));
        return true;
    }

    /** Ends what {@link #enter} began. */
    void leave() {
        if (state == State.PROBATION) {
            TAKEN.decrementAndGet(this);
        }
    }

    @Override
    public String toString() {
        return state + " #" + number;
    }
}
