// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.loop.Alarm;
import io.waffle.server.loop.Deadline;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where one thread waits for what others send it, by the clock of the {@linkplain LookUps loop of look-ups}: a queue of the JDK would wake a
 * thread of its own for each deadline.
 *
 * <p>Threading: any thread puts something in; the one that made it takes it out, and closes it.
 */
final class Mailbox<T> implements AutoCloseable {

    private final Thread owner = Thread.currentThread();
    private final Alarm alarm = LookUps.loop().alarm(() -> LockSupport.unpark(owner));

    /** Guarded by itself. */
    private final Queue<T> letters = new ArrayDeque<>();

    void put(T letter) {
        synchronized (letters) {
            letters.add(letter);
        }
        LockSupport.unpark(owner);
    }

    /** The next one; null if there is none by then, a tenth of a second late at most. */
    @Nullable
    T take(long deadline) throws InterruptedException {
        alarm.at(deadline);
        while (true) {
            T next = poll();
            if (next != null || Deadline.passed(deadline)) {
                return next;
            }
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private @Nullable T poll() {
        synchronized (letters) {
            return letters.poll();
        }
    }

    @Override
    public void close() {
        alarm.end();
    }
}
