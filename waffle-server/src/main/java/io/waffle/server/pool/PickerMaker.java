// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Picker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Has the pickers of one strategy made, and in the end the strategy closed, by its control thread: for these a strategy may take its time, and no
 * request and no lock waits for it. All changes that come before the thread gets to them are served by one picker.
 *
 * <p>Threading: any thread.
 */
final class PickerMaker {

    /** What pickers are made for: the pool. */
    interface Host {

        /** Runs what it is given one after the other, in this order. */
        Executor controlThread();

        /** The members as they are now, with the weights they have now, which change only here: by the thread that is about to make a picker. */
        List<PooledBackend> weighedMembers();

        /** Does it while no other strategy makes a picker, whose weights this would change; one that takes its time is not waited for. */
        void alone(Runnable making);

        /** From now on this strategy has another picker. */
        void adopt(GuardedStrategy strategy);
    }

    /**
     * A picker.
     *
     * @param picker null if it could not be made, or if there is nothing to pick
     * @param members for whom
     */
    record Made(@Nullable Picker picker, List<PooledBackend> members) {

        static final Made NOTHING = new Made(null, List.of());
    }

    private final GuardedStrategy strategy;
    private final Host host;
    private final Executor thread;
    private final AtomicReference<@Nullable CompletableFuture<?>> asked = new AtomicReference<>();
    private volatile CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private volatile Made latest = Made.NOTHING;

    /** Control thread only. */
    private boolean closed;

    PickerMaker(GuardedStrategy strategy, Host host) {
        this.strategy = strategy;
        this.host = host;
        this.thread = host.controlThread();
    }

    Made latest() {
        return latest;
    }

    /** Asks for a picker for what the members will be when it is made. */
    void renew() {
        CompletableFuture<?> mine = new CompletableFuture<>();
        CompletableFuture<?> before = asked.compareAndExchange(null, mine);
        last = before == null ? mine : before;
        if (before == null) {
            thread.execute(this::make);
        }
    }

    /**
     * Waits until what was asked for last is adopted, as long as is bearable. Must hold no lock.
     *
     * @param left what is left of that
     */
    void await(Duration left, Duration patience) {
        if (!isDone(last, left)) {
            strategy.complainOfDelay(patience);
        }
    }

    /** Closes the strategy, behind what was asked for before; ends when that is done. */
    CompletableFuture<?> close() {
        CompletableFuture<?> done = new CompletableFuture<>();
        thread.execute(() -> {
            closed = true;
            strategy.closeNow();
            done.complete(null);
        });
        return done;
    }

    private void make() {
        CompletableFuture<?> mine = asked.getAndSet(null);
        if (!closed) {
            host.alone(this::makeForMembers);
            host.adopt(strategy);
        }
        if (mine != null) {
            mine.complete(null);
        }
    }

    private void makeForMembers() {
        List<PooledBackend> members = host.weighedMembers();
        latest = new Made(strategy.picker(members), members);
    }

    static boolean isDone(CompletableFuture<?> task, Duration patience) {
        try {
            task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true; // whoever waits is to end
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
