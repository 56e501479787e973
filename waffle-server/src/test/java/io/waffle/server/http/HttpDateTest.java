// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class HttpDateTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("1994-11-06T08:49:37.001Z"));
    private final HttpDate date = new HttpDate(now::get);

    @Test
    void writesTheFixedFormat() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", text());
        now.set(Instant.parse("2028-02-29T23:59:59Z"));
        assertEquals("Tue, 29 Feb 2028 23:59:59 GMT", text());
    }

    @Test
    void namesEachDayAndMonthAsEnglishDoes() {
        DateTimeFormatter english = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                .withZone(ZoneOffset.UTC);
        for (int day = 0; day < 366; day++) {
            now.set(Instant.parse("2027-12-31T23:59:59Z").plus(day, ChronoUnit.DAYS));
            assertEquals(english.format(now.get()), text());
        }
    }

    @Test
    void isMadeOnceASecond() {
        byte[] first = date.bytes();
        now.set(Instant.parse("1994-11-06T08:49:37.999Z"));
        assertSame(first, date.bytes());
        now.set(Instant.parse("1994-11-06T08:49:38Z"));
        assertEquals("Sun, 06 Nov 1994 08:49:38 GMT", text());
    }

    private String text() {
        return new String(date.bytes(), StandardCharsets.US_ASCII);
    }
}
