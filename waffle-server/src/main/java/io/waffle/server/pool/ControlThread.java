// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread for what a strategy may take its time for, one call after the other: there only while there is something to do. It serves no
 * requests, and keeps the process from ending by nothing it does.
 */
final class ControlThread implements Executor {

    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> Thread.ofPlatform()
                    .daemon()
                    .name("strategy")
                    .unstarted(task));

    ControlThread() {
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }
}
