// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a backend that is full: in the order of their age, so that one that has failed elsewhere does not begin to wait anew.
 *
 * <p>A place that becomes free goes to the first of them that may use it, from hand to hand: it is counted in for that one before anybody else
 * can see it. So a place that is free is of use to nobody here, and who comes may take it without asking.
 *
 * <p>Who enters writes the size and then looks at the backends; who frees a place counts it out and then looks at the size. At least one of them
 * sees the other.
 *
 * <p>Threading: any thread, which is kept for as long as it takes to go through the queue. While nobody waits, asking costs one read.
 */
final class WaitQueue {

    private final ReentrantLock lock = new ReentrantLock();
    private volatile int places = Integer.MAX_VALUE;
    private int count;

    /** The same, for those who only ask. */
    private volatile int size;

    private @Nullable Waiter first;
    private @Nullable Waiter last;

    /** From now on so many may wait; who waits already goes on. */
    void places(int most) {
        places = most;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /**
     * Takes a place among those that wait. It may have been called by the time this returns.
     *
     * @param age since when its request is under way, as {@link System#nanoTime}
     * @param call to be run when it is called, by any thread, which must not be kept
     * @return false if too many wait
     */
    boolean enter(Waiter waiter, long age, Runnable call, Supplier<Snapshot> now) {
        lock.lock();
        try {
            if (count >= places) {
                return false;
            }
            waiter.begin(age, call);
            link(waiter);
            size = ++count;
            serve(waiter, now.get()); // what became free before it was here has called nobody
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves, if it was not called; it cannot be any more. */
    void leave(Waiter waiter) {
        lock.lock();
        try {
            if (waiter.isWaiting()) {
                unlink(waiter);
                waiter.giveUp();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives what is free to those that may use it, and sends those away for whom there is nothing left to wait for. */
    void serveAll(Snapshot now) {
        if (size == 0) {
            return;
        }
        lock.lock();
        try {
            Waiter next;
            for (Waiter waiter = first; waiter != null; waiter = next) {
                next = waiter.behind;
                serve(waiter, now);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the place of an attempt that has ended to the first that may use it; if there is none, it is free. */
    void handOver(PooledBackend backend, Standing under, Snapshot now) {
        lock.lock();
        try {
            for (Waiter waiter = first; waiter != null; waiter = waiter.behind) {
                if (waiter.mayUse(backend, now)) {
                    Standing counted = backend.handOver(under);
                    if (counted != null) {
                        call(waiter, backend, counted);
                        return;
                    }
                    break;
                }
            }
            backend.countOut(under);
        } finally {
            lock.unlock();
        }
    }

    private void serve(Waiter waiter, Snapshot now) {
        Tier best = now.tierOf(waiter.request());
        boolean hope = false;
        PooledBackend leastBusy = null;
        List<PooledBackend> members = now.members();
        for (int i = 0; i < members.size(); i++) {
            PooledBackend backend = members.get(i);
            if (waiter.request().mayServe(backend, best) || now.keeps(waiter.request(), backend)) {
                hope = true;
                boolean less = leastBusy == null || backend.inFlight() < leastBusy.inFlight();
                leastBusy = less && !backend.isFullFor(best) ? backend : leastBusy;
            }
        }
        Standing counted = leastBusy == null ? null : leastBusy.countIn(best == Tier.EJECTED);
        if (counted != null || !hope) {
            call(waiter, leastBusy, counted);
        }
    }

    private void call(Waiter waiter, @Nullable PooledBackend backend, @Nullable Standing counted) {
        unlink(waiter);
        waiter.call(backend, counted);
    }

    private void link(Waiter waiter) {
        Waiter before = last;
        while (before != null && !before.isOlderThan(waiter.since())) {
            before = before.before;
        }
        Waiter behind = before == null ? first : before.behind;
        waiter.before = before;
        waiter.behind = behind;
        if (before == null) {
            first = waiter;
        } else {
            before.behind = waiter;
        }
        if (behind == null) {
            last = waiter;
        } else {
            behind.before = waiter;
        }
    }

    private void unlink(Waiter waiter) {
        Waiter before = waiter.before;
        Waiter behind = waiter.behind;
        if (before == null) {
            first = behind;
        } else {
            before.behind = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.before = before;
        }
        waiter.before = null;
        waiter.behind = null;
        size = --count;
    }
}
