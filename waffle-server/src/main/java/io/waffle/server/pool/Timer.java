// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.time.Duration;

/** Runs something later. */
@FunctionalInterface
public interface Timer {

    /** Runs the task once, on a thread that may wait, when so much time has passed; never if the process ends before. */
    void after(Duration delay, Runnable task);
}
