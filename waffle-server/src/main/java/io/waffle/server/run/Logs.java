// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.LoggingConfig;
import io.waffle.server.loop.LineQueue;
import io.waffle.server.loop.MemoryBudget;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/**
 * The log: what is logged by {@link System.Logger} goes through {@code java.util.logging} into a bounded queue, and a thread of its own writes
 * it. So whoever logs never waits for a terminal or a pipe, a loop least of all; when the writer falls behind, lines are dropped and counted.
 */
public final class Logs implements AutoCloseable {

    private static final String HELIDON = "io.helidon";
    /** At debug it repeats what it cannot read of a request, and that may be somebody's cookie. */
    private static final String REPEATING = HELIDON + ".webserver.http1.Http1Connection";

    /** In place of the number of a record: it is queued, so the other handler leaves it alone. */
    private static final long QUEUED = -1;

    /** So many bytes may wait for the reader, and as many be under way to it. */
    private static final int CAPACITY = 512 * 1024;

    private final System.Logger own = System.getLogger("waffle");
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Held, because java.util.logging forgets the levels of loggers nobody holds. */
    private final List<java.util.logging.Logger> loggers = new ArrayList<>();

    private volatile Level helidon = Level.ALL;

    private final LogLine format;
    private final PrintStream out;

    /** Two, for the shutdown hook of java.util.logging takes them away and closes them one after the other, and each comes back at its close. */
    private final List<Handler> handlers = List.of(new Queueing(), new Queueing());

    private final LineQueue lines;

    private Logs(LogLine format, PrintStream out) {
        this.format = format;
        this.out = out;
        this.lines = new LineQueue("log", CAPACITY, MemoryBudget.boundless(), this::write);
    }

    /** Logs there from now on, in place of what was; without colours. */
    public static Logs install(LoggingConfig config, PrintStream out) {
        return install(config, out, false);
    }

    /**
     * Logs there from now on, in place of what was.
     *
     * @param coloured whether levels are to stand out, on a terminal
     */
    public static Logs install(LoggingConfig config, PrintStream out, boolean coloured) {
        Logs logs = new Logs(LogLine.of(config.format(), coloured), out);
        LogManager.getLogManager().reset();
        logs.level(config.level());
        logs.handlers.forEach(root()::addHandler);
        return logs;
    }

    /** Logs what is at least so important from now on. */
    void level(LoggingConfig.Level least) {
        Level level = javaLevel(least);
        handlers.forEach(handler -> handler.setLevel(level));
        level("", quieter(level, Level.WARNING));
        level("waffle", level);
        level("io.waffle", level);
        boolean debugging = level.intValue() <= Level.FINE.intValue();
        helidon = debugging ? level : quieter(level, Level.WARNING);
        level(HELIDON, helidon);
    }

    /** Says something of the process as a whole. */
    public void say(Logger.Level level, String message) {
        own.log(level, message);
    }

    /**
     * To be called when the process is about to end. The shutdown hook of java.util.logging forgets levels and handlers, one by one, while others
     * still log; what it would do is done here at once, so that it finds nothing to change.
     */
    void outlast() {
        LogManager.getLogManager().reset();
    }

    /** Writes what is queued, as far as the reader takes it within two seconds. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        handlers.forEach(root()::removeHandler);
        lines.close();
    }

    private void level(String name, Level level) {
        java.util.logging.Logger logger = java.util.logging.Logger.getLogger(name);
        logger.setLevel(level);
        if (!loggers.contains(logger)) {
            loggers.add(logger);
        }
    }

    private static java.util.logging.Logger root() {
        return java.util.logging.Logger.getLogger("");
    }

    private static Level quieter(Level one, Level other) {
        return one.intValue() > other.intValue() ? one : other;
    }

    private static Level javaLevel(LoggingConfig.Level level) {
        return switch (level) {
            case TRACE -> Level.FINER;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARNING;
            case ERROR -> Level.SEVERE;
            case OFF -> Level.OFF;
        };
    }

    private void write(byte[] batch, int length, long dropped) {
        out.write(batch, 0, length);
        if (dropped > 0) {
            String line = format.line(
                    new LogRecord(Level.WARNING, dropped + " log lines dropped: the log is not read fast enough"));
            out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
    }

    /** Runs in whatever thread logs: makes the line, and never waits for room. */
    private final class Queueing extends Handler {

        @Override
        public void publish(LogRecord logged) {
            if (isLoggable(logged) && logged.getSequenceNumber() != QUEUED) {
                logged.setSequenceNumber(QUEUED);
                lines.offer(logged, (record, to) -> {
                    record.setInstant(Instant.now()); // lines stand in the order of their times
                    to.utf8(format.line(record));
                });
            }
        }

        /** At a stop java.util.logging forgets all levels, and Helidon would tell of each socket it closes. */
        @Override
        public boolean isLoggable(LogRecord logged) {
            String name = logged.getLoggerName();
            boolean quiet = name != null
                    && name.startsWith(HELIDON)
                    && logged.getLevel().intValue() < least(name).intValue();
            return !quiet && super.isLoggable(logged);
        }

        private Level least(String name) {
            return name.equals(REPEATING) ? quieter(helidon, Level.INFO) : helidon;
        }

        @Override
        public void flush() {}

        /** Only the shutdown hook of java.util.logging calls this, at a time when there is much to say yet: how the stop goes. */
        @Override
        public void close() {
            if (!closed.get()) {
                root().addHandler(this);
            }
        }
    }
}
