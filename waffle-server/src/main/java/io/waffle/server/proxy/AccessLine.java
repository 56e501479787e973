// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.AccessFormat;
import io.waffle.server.config.AccessFormat.Part;
import io.waffle.server.config.AccessFormat.Variable;
import io.waffle.server.http.Json;
import io.waffle.server.pool.PooledBackend;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells of an exchange that is over in one line, as a format has it. */
final class AccessLine {

    private static final DateTimeFormatter COMMON_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

    private static final double MILLI = 1e6;
    private static final String NOTHING = "-";

    private final AccessFormat format;
    private final String strategy;

    AccessLine(AccessFormat format, String strategy) {
        this.format = format;
        this.strategy = strategy;
    }

    /**
     * The line, with its end.
     *
     * @param fault what ended it before its proper end, if anything did
     * @param now when it was over
     * @param nanos how long it took
     */
    String of(Exchange x, @Nullable Fault fault, Instant now, long nanos) {
        StringBuilder line = new StringBuilder(256);
        if (format.json()) {
            appendObject(line, x, fault, now, nanos);
        } else {
            appendText(line, x, fault, now, nanos);
        }
        return line.append('\n').toString();
    }

    private void appendText(StringBuilder line, Exchange x, @Nullable Fault fault, Instant now, long nanos) {
        for (Part part : format.parts()) {
            line.append(part.text());
            part.variable().ifPresent(variable -> {
                String value = variable == Variable.TIME ? COMMON_TIME.format(now) : value(variable, x, fault, nanos);
                appendHarmless(line, value == null ? NOTHING : value);
            });
        }
    }

    private void appendObject(StringBuilder line, Exchange x, @Nullable Fault fault, Instant now, long nanos) {
        line.append('{');
        for (Variable variable : Variable.values()) {
            String value = variable == Variable.TIME ? now.toString() : value(variable, x, fault, nanos);
            if (value == null) {
                continue;
            }
            line.append(line.length() > 1 ? "," : "")
                    .append('"')
                    .append(variable.written())
                    .append("\":");
            switch (variable) {
                case STATUS, BYTES, ATTEMPTS, FIRST_BYTE_MS, DURATION_MS -> line.append(value);
                default -> Json.quote(line, value);
            }
        }
        line.append('}');
    }

    private @Nullable String value(Variable variable, Exchange x, @Nullable Fault fault, long nanos) {
        return switch (variable) {
            case CLIENT -> x.clientAddress().toString();
            case TIME -> null;
            case METHOD -> x.isParsed() ? x.request.method() : null;
            case TARGET -> x.isParsed() ? x.request.path() : null;
            case VERSION -> x.isParsed() ? "HTTP/1." + x.request.minorVersion() : null;
            case HOST -> field(x, "host");
            case REFERER -> field(x, "referer");
            case USER_AGENT -> field(x, "user-agent");
            case STATUS -> Integer.toString(fault == Fault.CLIENT_GONE ? fault.status() : x.answered());
            case BYTES -> Long.toString(x.bodySent());
            case BACKEND -> backend(x);
            case STRATEGY -> strategy;
            case REASON ->
                backend(x) == null ? null : x.selection.reason().name().toLowerCase(Locale.ROOT);
            case ATTEMPTS -> Integer.toString(backend(x) == null ? 0 : x.selection.attempt());
            case FIRST_BYTE_MS -> x.firstByteNanos() == 0 ? null : millis(x.firstByteNanos() - x.clock.begun());
            case DURATION_MS -> millis(nanos);
        };
    }

    private static @Nullable String backend(Exchange x) {
        PooledBackend backend = x.backend();
        return backend == null ? null : backend.id();
    }

    private static @Nullable String field(Exchange x, String name) {
        return x.isParsed() ? x.request.findValue(name) : null;
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / MILLI);
    }

    /** What clients send must not pass for the end of a quoted part, or of the line, nor steer a terminal. */
    private static void appendHarmless(StringBuilder line, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') {
                line.append(String.format("\\x%02X", (int) c));
            } else {
                line.append(c);
            }
        }
    }
}
