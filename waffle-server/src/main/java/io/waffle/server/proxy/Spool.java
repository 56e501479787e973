// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.IoReason;
import io.waffle.server.config.ReplayConfig;
import io.waffle.server.loop.Deadline;
import io.waffle.server.plugin.FaultLog;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What all {@link Replay}s share: how much each may keep, and how many files there may be at once. A disk that is full, or cannot be used, or
 * hangs, only means that a request cannot be repeated.
 *
 * <p>Threading: any thread.
 */
final class Spool {

    /** Files at once. With the bound to each body this is a bound to what they take of the disk. */
    static final int FILES = 64;

    /** A disk that takes longer for one call would cost the client more than a repetition may be worth. */
    static final Duration CALL_TIME = Duration.ofSeconds(5);

    /** For so long a disk that took longer is left alone: it would cost each client as much. */
    private static final Duration REST = Duration.ofSeconds(30);

    private final ReplayConfig config;
    private final Path folder;
    private final Semaphore places = new Semaphore(FILES);
    private volatile long restsUntil;
    private final FaultLog log = new FaultLog("request bodies: ", System::nanoTime);

    Spool(ReplayConfig config) {
        this.config = config;
        this.folder = config.folder().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Bytes of one body that may be kept. */
    long most() {
        return config.most();
    }

    /** Of these, how many in memory. */
    long memory() {
        return config.memory();
    }

    /** A new file; null if there is none to be had by then. Each one is {@linkplain #close closed} once. */
    @Nullable
    SpillFile open(long deadline) {
        if (Deadline.now() < restsUntil || !places.tryAcquire()) {
            return null;
        }
        SpillFile file = new SpillFile();
        try {
            file.open(folder, deadline);
            return file;
        } catch (IOException e) {
            complain(e);
            close(file);
            return null;
        }
    }

    /** Says why one is not kept any more. */
    void complain(IOException e) {
        if (e instanceof SocketTimeoutException) {
            restsUntil = Deadline.in(REST);
        }
        log.warn("one cannot be kept for a repetition, in " + folder + ": " + IoReason.of(e), null);
    }

    /** Its place is free once the disk has let go of it. */
    void close(SpillFile file) {
        file.close(places::release);
    }
}
