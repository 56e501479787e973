// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs what must not run on a loop, because it blocks in native code or computes for long, on a few platform threads, while the virtual
 * thread that asked parks. Several sets of threads, so that a name server that does not answer cannot hold up handshakes.
 *
 * <p>Threading: any thread. What waits for a thread is bounded: by the number of connections, each of which waits for one thing at a time, and
 * for handshakes, which strangers ask for, by a number of their own.
 */
public final class Offload {

    /** Name look-ups by the host. They wait more than they work: these are many, so that names that hang leave some to the others. */
    public static final Offload LOOKUPS = new Offload("waffle-lookup", 64);

    /** Files. More threads would not make a disk faster. */
    public static final Offload FILES = new Offload("waffle-file", 4);

    static final int CORES = Runtime.getRuntime().availableProcessors();

    /** Half a second's to a few seconds' worth of work for a core, by the kind of key; later ones would come too late. */
    static final int MOST_HANDSHAKES = 4096;

    /** The public-key arithmetic of handshakes with clients. More threads than cores would only take turns. */
    public static final Offload CLIENT_HANDSHAKES = new Offload("waffle-handshake", CORES, MOST_HANDSHAKES);

    /** The same with backends: no crowd of clients keeps the requests of those who are in from a new connection. */
    public static final Offload BACKEND_HANDSHAKES = new Offload("waffle-backend-handshake", CORES, MOST_HANDSHAKES);

    private static final int LINGER_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    private Offload(String name, int count) {
        this(name, count, Integer.MAX_VALUE);
    }

    private Offload(String name, int count, int mostWaiting) {
        threads = new ThreadPoolExecutor(
                count,
                count,
                LINGER_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(mostWaiting),
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Its result, as soon as it is there.
     *
     * @param deadline as for a {@link Channel}; past it the work is given up, though a native call in it runs to its own end
     * @throws SocketTimeoutException if the deadline passed first
     * @throws IOException what the work threw, if it is one, or that too much waits already
     */
    public <T> T call(Callable<T> work, long deadline) throws IOException {
        FutureTask<T> result = new FutureTask<>(work);
        try {
            threads.execute(result);
        } catch (RejectedExecutionException e) {
            throw new IOException("too much work waits for a thread", e);
        }
        return await(result, deadline);
    }

    private <T> T await(FutureTask<T> result, long deadline) throws IOException {
        try {
            return deadline == Deadline.NONE
                    ? result.get()
                    : result.get(deadline - Deadline.now(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            giveUp(result);
            throw new SocketTimeoutException("deadline passed");
        } catch (InterruptedException e) {
            giveUp(result);
            throw new InterruptedIOException();
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /**
     * What nobody waits for takes no place in the queue. What has begun is not interrupted: an interrupt closes the file, and whoever closes one
     * waits for the call on it that hangs.
     */
    private void giveUp(FutureTask<?> work) {
        work.cancel(false);
        threads.remove(work);
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
