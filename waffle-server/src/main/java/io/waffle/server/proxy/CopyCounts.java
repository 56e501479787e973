// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What has become of the copies of a route for a pool, since the process began or the route got that mirror. Goes on through reloads, and so does the bound to
 * those under way.
 *
 * <p>Threading: any thread.
 */
public final class CopyCounts {

    private final AtomicLong asked = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong tooLong = new AtomicLong();
    private final AtomicLong noRoom = new AtomicLong();
    private final AtomicLong noBackend = new AtomicLong();
    private final AtomicLong brokenOff = new AtomicLong();

    /** Whether this request is one of the share, in hundredths of a percent, of which copies are made. */
    boolean isTurn(int share) {
        long turn = asked.incrementAndGet();
        return turn * share / 10_000 != (turn - 1) * share / 10_000;
    }

    /** Takes one of so many places; false if there is none. */
    boolean enter(int most) {
        if (underWay.incrementAndGet() > most) {
            underWay.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        underWay.decrementAndGet();
    }

    void sending() {
        sent.incrementAndGet();
    }

    void hasFailed() {
        failed.incrementAndGet();
    }

    void wasTooLong() {
        tooLong.incrementAndGet();
    }

    void hadNoRoom() {
        noRoom.incrementAndGet();
    }

    void hadNoBackend() {
        noBackend.incrementAndGet();
    }

    void brokeOff() {
        brokenOff.incrementAndGet();
    }

    /** Those under way, until their answers have been read. */
    public int inFlight() {
        return underWay.get();
    }

    /** Those that were sent. */
    public long sent() {
        return sent.get();
    }

    /** Those of them that got no answer. */
    public long failed() {
        return failed.get();
    }

    /** Requests whose body is longer than what is copied. */
    public long tooLong() {
        return tooLong.get();
    }

    /** Requests for whose copy there was no place, or no memory. */
    public long noRoom() {
        return noRoom.get();
    }

    /** Requests for whose copy there was no backend. */
    public long noBackend() {
        return noBackend.get();
    }

    /** Requests that did not come to their end. */
    public long brokenOff() {
        return brokenOff.get();
    }
}
