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
 * A socket's place at its loop: what it is ready for, who waits for what, and until when.
 *
 * <p>Threading: the loop's thread calls {@link #ready} and {@link #expired}; one virtual thread at a time, the one that owns the channel, calls
 * the rest. On the loop's own carrier these never overlap; on the JDK's scheduler they do, so what both use is volatile and the order of the
 * two writes matters: the waiter writes {@link #waiter}, then looks at the interest; the loop takes the interest away, then looks at the
 * waiter. At least one of them sees the other.
 */
final class Watch extends Wheel.Timer {

    private final Loop loop;
    private final SelectionKey key;
    private volatile boolean readable; // the selector will tell
    private volatile boolean writable = true;
    private int wanted; // written before the waiter, and read after it
    private volatile @Nullable Thread waiter;
    private volatile boolean poked;
    private volatile @Nullable Runnable unattended;

    Watch(Loop loop, SelectionKey key, Wheel wheel) {
        super(wheel);
        this.loop = loop;
        this.key = key;
        key.attach(this);
    }

    Loop loop() {
        return loop;
    }

    boolean readable() {
        return readable;
    }

    void readable(boolean now) {
        readable = now;
    }

    boolean writable() {
        return writable;
    }

    void writable(boolean now) {
        writable = now;
    }

    /** What the loop does when the socket becomes ready, or its deadline passes, while nobody waits; null to do nothing. Must be quick. */
    void unattended(@Nullable Runnable action) {
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
    boolean isReady(int ops) {
        return ((ops & SelectionKey.OP_READ) != 0 && readable) || ((ops & SelectionKey.OP_WRITE) != 0 && writable);
    }

    /** Announces the calling thread as the one to wake. */
    void arm(int ops) throws ClosedChannelException {
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
    void await(int ops) throws IOException {
        arm(ops);
        awaitFired();
    }

    /** Parks until the armed watch has fired. */
    void awaitFired() throws IOException {
        while (!fired()) {
            park();
        }
    }

    /** Parks once. */
    void park() throws IOException {
        LockSupport.park(this);
        if (Thread.interrupted()) {
            disarm();
            throw new InterruptedIOException();
        }
    }

    /** Ends a wait, the one under way or else the next, without a reason that the watch knows of. Any thread. */
    void poke() {
        poked = true;
        wake();
    }

    /** Wakes whoever waits, because the socket was closed under it. */
    void closed() {
        cancel();
        wake();
        loop.wakeIfAsleep(); // the descriptor goes with the next round of the selector
    }

    /** The connection is there: from now on it is watched for what arrives. */
    void connected() {
        key.interestOps(SelectionKey.OP_READ);
        readable = false;
        writable = true;
        loop.interestChanged();
    }

    /** Whether the waiter was woken, or never armed. */
    boolean fired() {
        return waiter == null;
    }

    void disarm() {
        if (waiter != null) {
            waiter = null;
        }
    }

    void interest(int ops) {
        if ((key.interestOps() & ops) != ops) {
            key.interestOpsOr(ops);
            loop.interestChanged();
        }
    }

    /** The selector found the socket ready. On the loop's thread. */
    void ready() {
        int ops = key.readyOps();
        if ((ops & SelectionKey.OP_READ) != 0) {
            readable = true;
        }
        if ((ops & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0) {
            writable = true;
        }
        if (isAwaited(ops) && wake()) {
            return;
        }
        key.interestOpsAnd(~ops); // level-triggered: without this the selector would spin
        if (isAwaited(ops)) {
            key.interestOpsOr(ops & wanted); // somebody came to wait meanwhile
        } else {
            runUnattended();
        }
    }

    private boolean isAwaited(int ops) {
        return waiter != null && (wanted & ops) != 0;
    }

    @Override
    void expired() {
        if (!wake()) {
            runUnattended();
        }
    }

    private boolean wake() {
        Thread thread = waiter;
        if (thread == null) {
            return false;
        }
        waiter = null;
        LockSupport.unpark(thread);
        return true;
    }

    private void runUnattended() {
        Runnable action = unattended;
        if (action != null) {
            unattended = null;
            action.run();
        }
    }
}
