// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import java.time.Duration;

/**
 * When a request began, and when the time is over that it has until its response begins. That clock stands still while the request is sent:
 * how long that takes is the client's affair, and what stands still has a deadline of its own. It is not read for what nobody wants to know.
 */
final class RequestClock {

    private final boolean timed;
    private final long nanos;
    private long begun;
    private long end = Deadline.NONE;
    private long stoppedAt;

    /**
     * @param timed whether anybody asks when a request began
     * @param time for a request; zero for no bound
     */
    RequestClock(boolean timed, Duration time) {
        this.nanos = time.toNanos();
        this.timed = timed || nanos > 0;
    }

    /** The first byte of a request is there. */
    void begin() {
        if (timed) {
            begun = System.nanoTime();
            end = nanos > 0 ? Deadline.after(begun, nanos) : Deadline.NONE;
            stoppedAt = 0;
        }
    }

    /** The head took its time; only now the request is there. */
    void beginAnew() {
        if (nanos > 0) {
            end = Deadline.in(nanos);
        }
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
        if (nanos > 0 && stoppedAt == 0) {
            stoppedAt = Deadline.now();
        }
    }

    /** Goes on, if it stands still. */
    void goOn() {
        if (stoppedAt != 0) {
            end += Deadline.now() - stoppedAt;
            stoppedAt = 0;
        }
    }
}
