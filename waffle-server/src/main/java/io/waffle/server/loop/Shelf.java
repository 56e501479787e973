// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import io.waffle.server.loop.MemoryBudget.Use;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Things of one kind and size that are lent and used again, taken from the budget as {@link Buffers} are, whose other shelf this is.
 *
 * <p>Threading: any thread.
 */
public final class Shelf<T> {

    /** What is lent here; one object for each kind. */
    public interface Kind<T> {

        /** The bytes of memory each takes. */
        int bytes();

        /** Makes one. */
        T make();

        /** Frees one, which nothing points to any more. */
        void free(T one);
    }

    private final Kind<T> kind;
    private final MemoryBudget memory;
    private final long mayKeep;
    private final ArrayDeque<T> kept = new ArrayDeque<>();

    Shelf(Kind<T> kind, MemoryBudget memory, long mayKeep) {
        this.kind = kind;
        this.memory = memory;
        this.mayKeep = mayKeep;
    }

    /**
     * Borrows one.
     *
     * @throws MemoryShortage if there is none, though it was waited for
     */
    public T borrow(Use use) {
        T one = poll();
        return one == null ? Buffers.await(() -> make(use), kind.bytes()) : one;
    }

    /** Takes one back, empty, to which nothing points any more: it may be freed. */
    public void giveBack(T one) {
        synchronized (kept) {
            if ((long) kept.size() * kind.bytes() <= mayKeep) {
                kept.push(one);
                return;
            }
        }
        kind.free(one);
        memory.giveBack(kind.bytes());
    }

    private @Nullable T make(Use use) {
        T one = poll();
        return one == null && memory.tryTake(use, kind.bytes()) ? kind.make() : one;
    }

    private @Nullable T poll() {
        synchronized (kept) {
            return kept.poll();
        }
    }
}
