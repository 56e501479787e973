// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Takes down what is logged between start and close, in place of the console. */
public final class LogLines extends Handler implements AutoCloseable {

    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

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

    @Override
    public void publish(LogRecord line) {
        lines.add(line.getMessage());
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
