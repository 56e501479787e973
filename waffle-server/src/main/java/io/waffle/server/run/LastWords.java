// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.loop.Loop;
import java.io.PrintStream;
import java.util.function.IntConsumer;

/**
 * Ends the process with a line that says why when it cannot go on: a loop that has died would keep its connections and its share of the new
 * ones, and after an {@link OutOfMemoryError} that Java code has thrown nothing that is left can be relied on ({@code
 * -XX:+ExitOnOutOfMemoryError} knows only those of the JVM itself, and ends with the same status).
 */
public final class LastWords implements Thread.UncaughtExceptionHandler {

    /** What the JVM exits with when it ends by itself for want of memory. */
    static final int STATUS = 3;

    private final PrintStream err;
    private final IntConsumer halt;

    public LastWords(PrintStream err, IntConsumer halt) {
        this.err = err;
        this.halt = halt;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        boolean fatal = thrown instanceof VirtualMachineError || Loop.isCarrier(thread);
        err.println(
                "waffle: " + (fatal ? "cannot go on, and ends: " : "") + "thread " + thread.getName() + ": " + thrown);
        if (fatal) {
            halt.accept(STATUS);
        }
    }
}
