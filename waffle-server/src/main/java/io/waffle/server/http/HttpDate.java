// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The value of {@code Date} (IMF-fixdate, RFC 9110 section 5.6.7), made once a second. Thread-safe, shared by all connections. */
public final class HttpDate {

    /** With the names spelled out: looking them up in the data of a locale would cost each start 25 ms. */
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendText(ChronoField.DAY_OF_WEEK, named("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
            .appendPattern(", dd ")
            .appendText(
                    ChronoField.MONTH_OF_YEAR,
                    named("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"))
            .appendPattern(" yyyy HH:mm:ss 'GMT'")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private volatile Second current;

    public HttpDate(InstantSource clock) {
        this.clock = clock;
        this.current = new Second(Math.floorDiv(clock.millis(), 1000L));
    }

    /** The bytes of the date now. Not to be changed. */
    public byte[] bytes() {
        long now = Math.floorDiv(clock.millis(), 1000L);
        Second second = current;
        if (second.number != now) {
            second = new Second(now); // two threads may both make it: the same one
            current = second;
        }
        return second.bytes;
    }

    private static Map<Long, String> named(String... names) {
        Map<Long, String> named = new HashMap<>();
        for (String name : names) {
            named.put(named.size() + 1L, name);
        }
        return named;
    }

    private static final class Second {

        final long number;
        final byte[] bytes;

        Second(long number) {
            this.number = number;
            this.bytes = Out.ascii(FORMAT.format(Instant.ofEpochSecond(number)));
        }
    }
}
