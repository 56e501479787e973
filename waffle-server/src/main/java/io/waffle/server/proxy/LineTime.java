// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.LineBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time in a line of the log, in UTC. What stays the same for a second is made once in a second. */
final class LineTime {

    private static final DateTimeFormatter COMMON = formatter("dd/MMM/yyyy:HH:mm:ss Z");

    private static final DateTimeFormatter ISO = formatter("yyyy-MM-dd'T'HH:mm:ss");

    private final DateTimeFormatter format;
    private final boolean withMillis;
    private long second = Long.MIN_VALUE;
    private byte[] text = {};

    private LineTime(DateTimeFormatter format, boolean withMillis) {
        this.format = format;
        this.withMillis = withMillis;
    }

    /** As the common format of web servers has it. */
    static LineTime common() {
        return new LineTime(COMMON, false);
    }

    /** As ISO 8601 has it, to the millisecond. */
    static LineTime iso() {
        return new LineTime(ISO, true);
    }

    boolean write(long millis, LineBuffer to) {
        long now = Math.floorDiv(millis, 1_000L);
        if (now != second) {
            second = now;
            text = format.format(Instant.ofEpochSecond(now)).getBytes(StandardCharsets.US_ASCII);
        }
        to.put(text);
        if (withMillis) {
            to.put('.').padded(Math.floorMod(millis, 1_000L), 3).put('Z');
        }
        return true;
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }
}
