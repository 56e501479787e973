// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of {@code Date} (IMF-fixdate, RFC 9110 section 5.6.7), made once a second. Thread-safe, shared by all connections. */
public final class HttpDate {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
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

    private static final class Second {

        final long number;
        final byte[] bytes;

        Second(long number) {
            this.number = number;
            this.bytes = Out.ascii(FORMAT.format(Instant.ofEpochSecond(number)));
        }
    }
}
