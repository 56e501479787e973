// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs what must not run on a loop, because it blocks in native code or computes for long, on a few platform threads, while the virtual
 * thread that asked parks. Several sets of threads, so that a name server that does not answer cannot hold up handshakes.
 *
 * <p>Threading: any thread. What waits for a thread is bounded by the number of connections: each waits for one thing at a time.
 */
public final class Offload {

    /** Name look-ups by the host. They wait more than they work: these are many, so that names that hang leave some to the others. */
    public static final Offload LOOKUPS = new Offload("waffle-lookup", 64);

    /** Files. More threads would not make a disk faster. */
    public static final Offload FILES = new Offload("waffle-file", 4);

    /** The public-key arithmetic of handshakes. More threads than cores would only take turns. */
    static final Offload HANDSHAKES =
            new Offload("waffle-handshake", Runtime.getRuntime().availableProcessors());

    private static final int LINGER_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    private Offload(String name, int count) {
        threads = new ThreadPoolExecutor(
                count,
                count,
                LINGER_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Its result, as soon as it is there.
     *
     * @param deadline as for a {@link Channel}; past it the work is given up, though a native call in it runs to its own end
     * @throws SocketTimeoutException if the deadline passed first
     * @throws IOException what the work threw, if it is one
     */
    public <T> T call(Callable<T> work, long deadline) throws IOException {
        Future<T> result = threads.submit(work);
        try {
            return deadline == Deadline.NONE
                    ? result.get()
                    : result.get(deadline - Deadline.now(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            result.cancel(true);
            throw new SocketTimeoutException("deadline passed");
        } catch (InterruptedException e) {
            result.cancel(true);
            throw new InterruptedIOException();
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** Has it done some time, without waiting. */
    public void run(Runnable work) {
        threads.execute(work);
    }

    private static IOException failure(Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> new IOException(cause);
        };
    }
}
