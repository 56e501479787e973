// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One virtual thread of a loop that carries it: its scheduler, and what the loop runs when it is the thread's turn.
 *
 * <p>A virtual thread inherits the scheduler of the one that starts it. So each of ours has a scheduler of its own, which takes to the loop
 * only what belongs to that thread; the threads that a plugin starts from it, which may do anything for any time, run where virtual threads
 * ordinarily do.
 *
 * <p>Threading: {@link #execute} by any thread, {@link #run} by the loop's.
 */
final class LoopThread implements Executor, Runnable {

    private final Loop loop;
    private final Thread thread;

    /** A virtual thread has one all its life; it is the first that comes, at the start, before the thread has run. */
    private volatile @Nullable Runnable continuation;

    @SuppressWarnings("this-escape") // final, and nothing is executed before the start
    LoopThread(Loop loop, String name, Runnable task) {
        this.loop = loop;
        this.thread = CarrierAccess.builder(this).name(name).unstarted(task);
    }

    Thread start() {
        thread.start();
        return thread;
    }

    Thread thread() {
        return thread;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // it is the same object whenever the thread goes on
    public void execute(Runnable what) {
        if (continuation == null) {
            continuation = what;
        }
        if (continuation == what) {
            loop.execute(this);
        } else {
            CarrierAccess.ordinary().execute(what);
        }
    }

    @Override
    public void run() {
        Runnable mine = continuation;
        if (mine != null) {
            mine.run();
        }
    }
}
