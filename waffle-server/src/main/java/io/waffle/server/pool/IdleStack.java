// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections to one backend, last in first out: the one used last is the least likely to have been closed by the backend, and those
 * not needed grow old at the bottom, until their own deadline takes them out.
 *
 * <p>It closes what it drops, outside its lock. Threading: any thread; the lock is held for a few instructions. When connections are shared
 * by one event loop only, it is never contended.
 */
public final class IdleStack<C extends IdleStack.Connection> {

    /** What can lie here. */
    public interface Connection {

        /** Closes at once; must not throw, nor block. */
        void close();
    }

    private final int most;

    /** The newest first; guarded by itself. */
    private final ArrayDeque<C> entries = new ArrayDeque<>();

    private boolean closed;

    /** Keeps this many; 0 keeps none. */
    public IdleStack(int most) {
        this.most = most;
    }

    /**
     * The one put here last of those that are preferred, or else of all; null if there is none. The caller owns it now.
     *
     * @param preferred must be quick; those put here last are asked first, up to one that is
     */
    public @Nullable C pop(Predicate<? super C> preferred) {
        synchronized (entries) {
            for (Iterator<C> all = entries.iterator(); all.hasNext(); ) {
                C entry = all.next();
                if (preferred.test(entry)) {
                    all.remove();
                    return entry;
                }
            }
            return entries.pollFirst();
        }
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
