// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections to one backend, last in first out: the one used last is the least likely to have been closed by the backend, and those
 * not needed grow old at the bottom.
 *
 * <p>It closes what it drops, outside its lock. Threading: any thread; the lock is held for a few instructions. When connections are shared
 * by one event loop only, it is never contended.
 */
public final class IdleStack<C extends IdleStack.Connection> {

    /** What can lie here. It carries its own time, so that to lay it down allocates nothing. */
    public interface Connection {

        /** Keeps the time at which it was laid down. */
        void idleSince(long nanoTime);

        /** The time last kept. */
        long idleSince();

        /** Closes at once; must not throw, nor block. */
        void close();
    }

    private final int most;
    private final long expiry;
    private final LongSupplier nanoTime;

    /** The newest first; guarded by itself. */
    private final ArrayDeque<C> entries = new ArrayDeque<>();

    private boolean closed;

    /**
     * Keeps this many, for so long.
     *
     * @param most 0 keeps none
     * @param expiry how long a connection may lie here
     */
    public IdleStack(int most, Duration expiry, LongSupplier nanoTime) {
        this.most = most;
        this.expiry = expiry.toNanos();
        this.nanoTime = nanoTime;
    }

    /** The connection put here last; null if there is none. The caller owns it now. */
    public @Nullable C pop() {
        @Nullable C top;
        synchronized (entries) {
            top = entries.pollFirst();
        }
        if (top == null) {
            return null;
        }
        if (nanoTime.getAsLong() - top.idleSince() < expiry) {
            return top;
        }
        top.close();
        expire(); // what lies below is older still
        return null;
    }

    /**
     * Puts a connection here. The oldest goes if there are too many.
     *
     * @return false if it was not taken, because none are kept (any more): the caller still owns it
     */
    public boolean push(C connection) {
        @Nullable C oldest;
        synchronized (entries) {
            if (closed || most == 0) {
                return false;
            }
            connection.idleSince(nanoTime.getAsLong());
            entries.addFirst(connection);
            oldest = entries.size() > most ? entries.pollLast() : null;
        }
        if (oldest != null) {
            oldest.close();
        }
        return true;
    }

    /**
     * Takes this connection out, wherever it lies.
     *
     * @return false if it was not here: somebody else owns it
     */
    public boolean remove(C connection) {
        synchronized (entries) {
            return entries.removeIf(entry -> entry == connection);
        }
    }

    /** Closes those that have lain here for too long; to be called now and then. */
    public void expire() {
        long now = nanoTime.getAsLong();
        List<C> expired = new ArrayList<>();
        synchronized (entries) {
            while (!entries.isEmpty() && now - entries.getLast().idleSince() >= expiry) {
                expired.add(entries.removeLast());
            }
        }
        expired.forEach(Connection::close);
    }

    /** How many there are. */
    public int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    /** Closes all, and takes no more. */
    public void closeAll() {
        List<C> all;
        synchronized (entries) {
            closed = true;
            all = List.copyOf(entries);
            entries.clear();
        }
        all.forEach(Connection::close);
    }
}
