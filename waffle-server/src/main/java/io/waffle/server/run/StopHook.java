// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Lets the end of the process (SIGTERM, SIGINT) be a stop of Waffle: what is in flight ends first. It is set before anything listens, so that
 * nothing is accepted that would be lost; a stop that comes in between waits for the start.
 *
 * <p>Threading: any thread.
 */
public final class StopHook implements AutoCloseable {

    private final CompletableFuture<Waffle> started = new CompletableFuture<>();
    private volatile Optional<ServiceManager> manager = Optional.empty();
    private final Logs logs;
    private final Runnable end;
    private final Thread thread = Thread.ofPlatform().name("stop").unstarted(this::stop);

    private StopHook(Logs logs, Runnable end) {
        this.logs = logs;
        this.end = end;
    }

    /**
     * Sets it.
     *
     * @param end ends the process at once, when all is done
     */
    public static StopHook set(Logs logs, Runnable end) {
        StopHook hook = new StopHook(logs, end);
        Runtime.getRuntime().addShutdownHook(hook.thread);
        return hook;
    }

    /** This is what is to be stopped, and who wants to know of it. */
    public void started(Waffle waffle, Optional<ServiceManager> toTell) {
        manager = toTell;
        started.complete(waffle);
    }

    /**
     * Stops while everything is still there, then ends the process: left alone, the process would end with 128 and the signal's number, as if it had been
     * killed.
     */
    private void stop() {
        logs.outlast();
        try {
            Waffle waffle = started.join();
            manager.ifPresent(ServiceManager::stopping);
            waffle.announceStop();
            waffle.close();
        } catch (CancellationException e) {
            return; // nothing has been started
        }
        logs.close();
        end.run();
    }

    /** From now on the end of the process is nothing else. */
    @Override
    public void close() {
        started.cancel(false);
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            // it is under way, and ends the process
        }
    }
}
