// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.loop.Deadline;
import org.junit.jupiter.api.Test;

/** The clock is moved by hand. */
class PaceTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void itsTimeBeginsWhenItLastMovedAndNotWithEachWait() {
        Pace pace = new Pace();
        assertEquals(11 * SECOND, pace.until(Awaited.REQUEST_BODY, SECOND, 10 * SECOND, 0));
        assertEquals(
                11 * SECOND, pace.until(Awaited.REQUEST_BODY, 9 * SECOND, 10 * SECOND, 0), "woken by the other side");
        pace.moved();
        assertEquals(19 * SECOND, pace.until(Awaited.REQUEST_BODY, 9 * SECOND, 10 * SECOND, 1));
    }

    @Test
    void itsTimeBeginsAnewWhenItIsAnothersMove() {
        Pace pace = new Pace();
        pace.until(Awaited.REQUEST_BODY, SECOND, 10 * SECOND, 0);
        assertEquals(14 * SECOND, pace.until(Awaited.REQUEST_ROOM, 4 * SECOND, 10 * SECOND, 0));
        assertEquals(Deadline.NONE, pace.until(null, 5 * SECOND, Deadline.NONE, 0));
        assertEquals(Deadline.NONE, pace.until(Awaited.RESPONSE_EARLY, 5 * SECOND, Deadline.NONE, 0));
        assertEquals(16 * SECOND, pace.until(Awaited.REQUEST_ROOM, 6 * SECOND, 10 * SECOND, 0));
    }

    @Test
    void aLeastRateLeavesFiveSecondsAndThenSoManyAsThereWereBytes() {
        assertEquals(5 * SECOND, Pace.atLeast(0, 240));
        assertEquals(5 * SECOND, Pace.atLeast(1_200, 240));
        assertEquals(10 * SECOND, Pace.atLeast(2_400, 240));
        assertTrue(Pace.atLeast(Long.MAX_VALUE / 2_000_000_000, 1) > 0);
    }

    @Test
    void aLeastRateIsOfBodiesAndNotOfHeadsAndTunnels() {
        Pace pace = new Pace();
        pace.rate(100);
        assertEquals(61 * SECOND, pace.until(Awaited.RESPONSE_HEAD, SECOND, 60 * SECOND, 0));
        assertEquals(6 * SECOND, pace.until(Awaited.RESPONSE_BODY, SECOND, 60 * SECOND, 0));
        pace.moved();
        assertEquals(12 * SECOND, pace.until(Awaited.RESPONSE_BODY, 2 * SECOND, 60 * SECOND, 1_000));
        assertEquals(62 * SECOND, pace.until(Awaited.TUNNEL_DOWN, 2 * SECOND, 60 * SECOND, 0));
    }
}
