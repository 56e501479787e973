// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** When names are looked up again. */
final class NamesTest {

    @Test
    void pauseIsDrawnOutByASixteenthOfItselfAndASecondAtMost() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            Duration pause = Duration.ofNanos(random.nextLong(Duration.ofDays(1).toNanos() >> random.nextInt(46)));
            Duration drawn = Names.together(pause, random.nextLong());
            assertTrue(drawn.compareTo(pause) >= 0, () -> pause + " became " + drawn);
            Duration more = drawn.minus(pause);
            assertTrue(
                    more.compareTo(Duration.ofSeconds(1)) < 0 && more.compareTo(pause.dividedBy(16)) <= 0,
                    () -> pause + " became " + drawn);
        }
    }

    @Test
    void longPausesEndTogether() {
        Random random = new Random(2);
        Set<Long> ends = new TreeSet<>();
        long begin = random.nextLong() >> 2;
        long minute = Duration.ofMinutes(1).toNanos();
        for (int i = 0; i < 10_000; i++) {
            long now = begin + random.nextLong(minute);
            ends.add(now + Names.together(Duration.ofSeconds(30), now).toNanos());
        }
        assertEquals(61, ends.size(), 1);
    }
}
