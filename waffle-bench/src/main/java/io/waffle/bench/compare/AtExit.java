// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What has to be undone when this JVM is told to end: the last thing first, and nothing is added from then on. Used by any thread. */
final class AtExit {

    private static final Deque<Runnable> UNDONE = new ArrayDeque<>();
    private static boolean ending;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtExit::undoAll, "undo"));
    }

    private AtExit() {}

    /** If the JVM is ending already it is undone at once, and the caller goes no further. */
    static void undo(Runnable action) {
        synchronized (UNDONE) {
            if (!ending) {
                UNDONE.push(action);
                return;
            }
        }
        action.run();
        while (true) {
            LockSupport.park();
        }
    }

    static void forget(Runnable action) {
        synchronized (UNDONE) {
            UNDONE.remove(action);
        }
    }

    private static void undoAll() {
        List<Runnable> lastFirst;
        synchronized (UNDONE) {
            ending = true;
            lastFirst = List.copyOf(UNDONE);
        }
        lastFirst.forEach(Runnable::run);
    }
}
