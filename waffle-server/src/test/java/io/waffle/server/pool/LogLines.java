// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Takes down what is logged between start and close, in place of the console. */
public class LogLines extends Handler implements AutoCloseable {

    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Semaphore come = new Semaphore(0);

    /** Of the logger of this name. */
    public LogLines(String name) {
        logger = Logger.getLogger(name);
    }

    public LogLines start() {
        logger.setLevel(Level.INFO); // whatever a test before has set for all of ours
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
        return this;
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The lines, as soon as so many more have come than were awaited before. */
    public List<String> await(int more) throws InterruptedException {
        if (!come.tryAcquire(more, 20, TimeUnit.SECONDS)) {
            throw new AssertionError("only logged: " + lines);
        }
        return lines();
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(line.getMessage());
        come.release();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }
}
