// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.loop.Deadline;
import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LifetimeTest {

    private static final long NOW = 17_000;

    @Test
    void isATenthMoreOrLessThanConfiguredAndAllOfThat() {
        Lifetime lifetime = new Lifetime(Duration.ofNanos(1_000_000), new Random(1));
        LongSummaryStatistics times =
                LongStream.range(0, 10_000).map(i -> lifetime.end(NOW) - NOW).summaryStatistics();
        assertTrue(times.getMin() >= 900_000 && times.getMin() < 905_000, times::toString);
        assertTrue(times.getMax() <= 1_100_000 && times.getMax() > 1_095_000, times::toString);
        assertEquals(1_000_000, times.getAverage(), 5_000);
    }

    @Test
    void neverEndsWithoutABound() {
        assertEquals(Deadline.NONE, new Lifetime(Duration.ZERO, new Random(1)).end(NOW));
    }

    @Test
    void aBackendsWordIsHeededWithAMargin() {
        assertEquals(Duration.ofMillis(800).toNanos(), Lifetime.within(1));
        assertEquals(Duration.ofSeconds(4).toNanos(), Lifetime.within(5));
        assertEquals(Duration.ofSeconds(59).toNanos(), Lifetime.within(60));
        assertEquals(0, Lifetime.within(0));
    }
}
