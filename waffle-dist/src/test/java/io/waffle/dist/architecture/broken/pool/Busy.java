// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture.broken.pool;

import io.helidon.http.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.locks.ReentrantLock;

/** Breaks: waits, locks, reads files, asks the clock, makes random numbers, loads services, prints, exits, sees Helidon. */
public final class Busy {
    private final ReentrantLock lock = new ReentrantLock();

    public boolean call() {
        return lock.isLocked();
    }

    public synchronized long clock() {
        return System.nanoTime();
    }

    public int random() {
        return new Random(1).nextInt();
    }

    public void sleep() throws InterruptedException {
        Thread.sleep(1);
    }

    public String read(Path path) throws IOException {
        return Files.readString(path);
    }

    public long services() {
        return ServiceLoader.load(Runnable.class).stream().count();
    }

    public void print() {
        System.out.println(Status.OK_200);
    }

    public void exit() {
        System.exit(1);
    }
}
