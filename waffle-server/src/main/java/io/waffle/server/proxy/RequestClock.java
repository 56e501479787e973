// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import java.time.Duration;

/**
 * When a request began, and when the time is over that it has, or one try of it, until its response begins. That clock stands still while the request is sent:
 * how long that takes is the client's affair, and what stands still has a deadline of its own. It is not read for what nobody wants to know.
 */
final class RequestClock {

    private final boolean timed;
    private final boolean bounded;
    private long nanos;
    private long begun;
    private long there;
    private long end = Deadline.NONE;
    private long attemptEnd = Deadline.NONE;
    private long stoppedAt;

    /**
     * @param timed whether anybody asks when a request began
     * @param bounded whether any request may have a bound to its time
     */
    RequestClock(boolean timed, boolean bounded) {
        this.timed = timed || bounded;
        this.bounded = bounded;
    }

    /** The first byte of a request is there. */
    void begin() {
        if (timed) {
            begun = System.nanoTime();
            there = begun;
            end = Deadline.NONE;
            stoppedAt = 0;
        }
    }

    /** The head took its time; only now the request is there. */
    void beginAnew() {
        if (bounded) {
            there = System.nanoTime();
        }
    }

    /** So much time it has, from when it was there; 0 for no bound. */
    void allow(long time) {
        nanos = time;
        if (time > 0) {
            end = Deadline.after(there, time);
        }
    }

    /** A try begins, at this time as {@link System#nanoTime}, which has so much time of its own; 0 for no bound. */
    void tries(long now, long time) {
        attemptEnd = time > 0 ? Deadline.after(now, time) : Deadline.NONE;
    }

    /** When the time is over that the try under way has until its response begins. */
    long attemptEnd() {
        return Math.min(end, attemptEnd);
    }

    /** When it began, as {@link System#nanoTime}. */
    long begun() {
        return begun;
    }

    /** When its time is over. */
    long end() {
        return end;
    }

    /** So far from now, but no further than its time goes, if that is running. */
    long within(Duration most) {
        long at = Deadline.in(most);
        return stoppedAt == 0 ? Math.min(at, end) : at;
    }

    boolean isOver() {
        return Deadline.passed(end);
    }

    /** Stands still from now on, if it does not already. */
    void stop() {
        if (stoppedAt == 0 && (nanos > 0 || attemptEnd != Deadline.NONE)) {
            stoppedAt = Deadline.now();
        }
    }

    /** Goes on, if it stands still. */
    void goOn() {
        if (stoppedAt != 0) {
            long stood = Deadline.now() - stoppedAt;
            end = end == Deadline.NONE ? end : end + stood;
            attemptEnd = attemptEnd == Deadline.NONE ? attemptEnd : attemptEnd + stood;
            stoppedAt = 0;
        }
    }
}
