// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests that wait while all backends are full: so many, first come, first served.
 *
 * <p>Threading: any thread.
 */
final class WaitingRoom {

    private volatile int places;
    private final AtomicInteger taken = new AtomicInteger();

    /** One for each backend that has become free while somebody waited. One too many does no harm: who is called looks for himself. */
    private final Semaphore calls = new Semaphore(0, true);

    WaitingRoom(int places) {
        this.places = places;
    }

    /** From now on so many may wait; who waits already goes on. */
    void places(int places) {
        this.places = places;
    }

    boolean isEmpty() {
        return taken.get() == 0;
    }

    /** Takes a place; returns how many wait now, 0 if there is none. Who has one gives it back by {@link #leave}. */
    int enter() {
        int now;
        do {
            now = taken.get();
            if (now >= places) {
                return 0;
            }
        } while (!taken.compareAndSet(now, now + 1));
        return now + 1;
    }

    /** Waits to be called; false if that did not happen in time. */
    boolean await(long nanos) {
        try {
            return calls.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave() {
        taken.decrementAndGet();
    }

    /** Calls the next one, if anybody waits. */
    void callOne() {
        if (!isEmpty()) {
            calls.release();
        }
    }
}
