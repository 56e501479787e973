// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who waits at a loop, for what, and until when; and what is there for him. What tells of it is for its kinds to know.
 *
 * <p>Threading: the loop's thread calls {@link #expired} and tells what is there; one virtual thread at a time, the one that owns the channel, calls
 * the rest. On the loop's own carrier these never overlap; on the JDK's scheduler they do, so what both use is volatile and the order of the
 * two writes matters: the waiter writes {@link #waiter}, then asks for what he {@linkplain #interest waits for}.
 */
abstract class Watch extends Wheel.Timer {

    private final Loop loop;
    private volatile boolean readable; // the selector will tell
    private volatile boolean writable = true;
    private int wanted; // written before the waiter, and read after it
    private volatile @Nullable Thread waiter;
    private volatile boolean poked;
    private volatile @Nullable Runnable unattended;

    Watch(Loop loop, Wheel wheel) {
        super(wheel);
        this.loop = loop;
    }

    /** Sees to it that the loop hears of these operations when they can be done. */
    abstract void interest(int ops);

    final Loop loop() {
        return loop;
    }

    final boolean readable() {
        return readable;
    }

    final void readable(boolean now) {
        readable = now;
    }

    final boolean writable() {
        return writable;
    }

    final void writable(boolean now) {
        writable = now;
    }

    /** What the loop does when the socket becomes ready, or its deadline passes, while nobody waits; null to do nothing. Must be quick. */
    final void unattended(@Nullable Runnable action) {
        unattended = action;
        if (action == null) {
            return;
        }
        try {
            interest(SelectionKey.OP_READ);
        } catch (CancelledKeyException e) {
            runUnattended(); // closed already: that is an end, too
        }
    }

    /** Whether a wait for these would end at once. */
    final boolean isReady(int ops) {
        return ((ops & SelectionKey.OP_READ) != 0 && readable) || ((ops & SelectionKey.OP_WRITE) != 0 && writable);
    }

    /** Announces the calling thread as the one to wake. */
    final void arm(int ops) throws ClosedChannelException {
        wanted = ops;
        waiter = Thread.currentThread();
        try {
            interest(ops);
        } catch (CancelledKeyException e) {
            waiter = null;
            throw new ClosedChannelException();
        }
        if (poked) {
            poked = false;
            waiter = null;
        }
    }

    /** Parks the calling thread until the socket is ready for one of these, its deadline passes, or it is woken without a reason. */
    final void await(int ops) throws IOException {
        arm(ops);
        awaitFired();
    }

    /** Parks until the armed watch has fired. */
    final void awaitFired() throws IOException {
        while (!fired()) {
            park();
        }
    }

    /** Parks once. */
    final void park() throws IOException {
        LockSupport.park(this);
        if (Thread.interrupted()) {
            disarm();
            throw new InterruptedIOException();
        }
    }

    /** Ends a wait, the one under way or else the next, without a reason that the watch knows of. Any thread. */
    final void poke() {
        poked = true;
        wake();
    }

    /** Wakes whoever waits, because the socket was closed under it. */
    final void closed() {
        cancel();
        wake();
        loop.wakeIfAsleep(); // the descriptor goes with the next round of the selector
    }

    /** Whether the waiter was woken, or never armed. */
    final boolean fired() {
        return waiter == null;
    }

    final void disarm() {
        if (waiter != null) {
            waiter = null;
        }
    }

    /** Whether somebody waits for one of these. */
    final boolean isAwaited(int ops) {
        return waiter != null && (wanted & ops) != 0;
    }

    @Override
    final void expired() {
        if (!wake()) {
            runUnattended();
        }
    }

    /** Wakes whoever waits; false if nobody does. */
    final boolean wake() {
        Thread thread = waiter;
        if (thread == null) {
            return false;
        }
        waiter = null;
        LockSupport.unpark(thread);
        return true;
    }

    /** What operations are waited for. */
    final int wanted() {
        return wanted;
    }

    final void runUnattended() {
        Runnable action = unattended;
        if (action != null) {
            unattended = null;
            action.run();
        }
    }
}
