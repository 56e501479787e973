// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.LoggingConfig;
import io.waffle.server.http.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** The look of a line of the log. */
@FunctionalInterface
interface LogLine {

    /** One line, with its end; in text, the stack trace of an exception follows on lines of its own. */
    String line(LogRecord logged);

    /**
     * The look in this format.
     *
     * @param coloured whether levels are to stand out, on a terminal
     */
    static LogLine of(LoggingConfig.Format format, boolean coloured) {
        return switch (format) {
            case TEXT -> coloured ? LogLine::colouredText : LogLine::text;
            case JSON -> LogLine::json;
        };
    }

    private static String text(LogRecord logged) {
        return text(logged, level(logged));
    }

    private static String colouredText(LogRecord logged) {
        String level = level(logged);
        String colour =
                switch (level) {
                    case "ERROR" -> "1;31"; // bold red
                    case "WARNING" -> "1;33"; // bold yellow
                    case "INFO" -> "32"; // green
                    default -> "2"; // faint
                };
        return text(logged, "\u001b[" + colour + "m" + level + "\u001b[0m");
    }

    private static String text(LogRecord logged, String level) {
        String line = time(logged) + " " + level + " " + logger(logged) + ": " + oneLine(message(logged)) + "\n";
        return logged.getThrown() == null ? line : line + trace(logged.getThrown());
    }

    private static String json(LogRecord logged) {
        StringBuilder json = new StringBuilder("{");
        member(json, "time", time(logged));
        member(json, "level", level(logged));
        member(json, "logger", logger(logged));
        member(json, "message", message(logged));
        if (logged.getThrown() != null) {
            member(json, "exception", trace(logged.getThrown()));
        }
        return json.append("}\n").toString();
    }

    private static void member(StringBuilder json, String name, String value) {
        json.append(json.length() > 1 ? "," : "").append('"').append(name).append("\":");
        Json.quote(json, value);
    }

    /** What clients and backends send may be in a message: it must not pass for a line of its own, nor steer a terminal. */
    private static String oneLine(String message) {
        StringBuilder line = new StringBuilder(message.length());
        message.chars()
                .forEach(c -> line.append(
                        Character.isISOControl(c) ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return line.toString();
    }

    private static String message(LogRecord logged) {
        String message = String.valueOf(logged.getMessage());
        Object[] parameters = logged.getParameters();
        if (parameters == null || parameters.length == 0) {
            return message;
        }
        try {
            return MessageFormat.format(message, parameters);
        } catch (IllegalArgumentException e) {
            return message;
        }
    }

    private static String time(LogRecord logged) {
        return String.format(
                "%tFT%<tT.%<tLZ",
                logged.getInstant().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC));
    }

    private static String logger(LogRecord logged) {
        return logged.getLoggerName() == null ? "waffle" : logged.getLoggerName();
    }

    private static String level(LogRecord logged) {
        int level = logged.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level >= Level.WARNING.intValue()) {
            return "WARNING";
        }
        if (level >= Level.INFO.intValue()) {
            return "INFO";
        }
        return level >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
