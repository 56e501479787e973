// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.LoggingConfig;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class LogsTest {

    private static final int MANY = 20_000;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void levelsAndNames() {
        try (Logs logs = Logs.install(config(LoggingConfig.Level.INFO, LoggingConfig.Format.TEXT), print(written))) {
            logs.say(Level.DEBUG, "not this");
            logs.say(Level.INFO, "this");
            System.getLogger("io.helidon.x").log(Level.INFO, "not this");
            System.getLogger("io.waffle.x").log(Level.WARNING, "that\nand {0}", "more");
        }
        String text = written.toString(StandardCharsets.UTF_8).replaceAll("(?m)^\\S+Z", "T");
        assertEquals("T INFO waffle: this\nT WARNING io.waffle.x: that\\u000aand more\n", text);
    }

    @Test
    void jsonIsEscaped() {
        LogRecord logged = new LogRecord(java.util.logging.Level.SEVERE, "a \"b\" \\ \n\u0001\u2028 ä \ud83d\ude00");
        logged.setLoggerName("waffle");
        logged.setInstant(Instant.parse("2026-01-02T03:04:05.006789Z"));
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"ERROR\",\"logger\":\"waffle\",\"message\":"
                        + "\"a \\\"b\\\" \\\\ \\n\\u0001\\u2028 ä \\ud83d\\ude00\"}\n",
                LogLine.of(LoggingConfig.Format.JSON, true).line(logged));
    }

    /** Whoever logs goes on while nobody reads; then what was dropped is told. */
    @Test
    void aStandingReaderHoldsNobodyUp() {
        CountDownLatch reads = new CountDownLatch(1);
        OutputStream standing = new OutputStream() {
            @Override
            public void write(int b) {
                awaitUninterruptibly(reads);
                written.write(b);
            }
        };
        try (Logs logs = Logs.install(config(LoggingConfig.Level.INFO, LoggingConfig.Format.TEXT), print(standing))) {
            for (int i = 0; i < MANY; i++) {
                logs.say(Level.INFO, "line");
            }
            reads.countDown();
        }
        String text = written.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains(" log lines dropped"), text.substring(Math.max(0, text.length() - 200)));
        assertTrue(text.lines().count() < MANY, "nothing was dropped");
    }

    /** The shutdown hook of java.util.logging resets it while Waffle still has to say how it stops. */
    @Test
    void aResetDoesNotSilenceIt() {
        try (Logs logs = Logs.install(config(LoggingConfig.Level.INFO, LoggingConfig.Format.TEXT), print(written))) {
            LogManager.getLogManager().reset();
            logs.say(Level.INFO, "stopping");
            System.getLogger("io.helidon.x").log(Level.INFO, "not this");
        }
        String text = written.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("waffle: stopping"));
        assertFalse(text.contains("not this"), "though its level is forgotten");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the writer", e);
        }
    }

    private static LoggingConfig config(LoggingConfig.Level level, LoggingConfig.Format format) {
        return new LoggingConfig(level, format);
    }

    private static PrintStream print(OutputStream stream) {
        return new PrintStream(stream, false, StandardCharsets.UTF_8);
    }
}
