// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the plainest model there is: look at every timer at every moment. */
class WheelTest {

    private static final long SECOND = 1_000_000_000;

    /** A tick until its slot has begun, and the time until the loop looks, which is less than a tick here. */
    private static final long LATE = 2 * Wheel.TICK_NANOS;

    private int first;
    private final Wheel wheel = new Wheel(() -> first++, 1);
    private long now = 1;

    private final class Alarm extends Wheel.Timer {

        private int rung;
        private long set;

        Alarm() {
            super(wheel);
        }

        @Override
        void expired() {
            assertTrue(deadline() <= now, "too early");
            assertTrue(now - Math.max(deadline(), set) <= LATE, "too late");
            rung++;
            deadline(Deadline.NONE);
        }
    }

    @RepeatedTest(20)
    void everyDeadlineIsNoticedInTimeAndNoneThatWasTakenBack(RepetitionInfo info) {
        Random random = new Random(info.getCurrentRepetition());
        List<Alarm> alarms = new ArrayList<>();
        long[] due = new long[50];
        int[] expected = new int[due.length];
        for (int i = 0; i < due.length; i++) {
            alarms.add(new Alarm());
            due[i] = Deadline.NONE;
        }
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(due.length);
            due[i] = random.nextInt(4) == 0 ? Deadline.NONE : now + span(random);
            alarms.get(i).set = now;
            alarms.get(i).deadline(due[i]);
            now += random.nextLong(Wheel.TICK_NANOS);
            wheel.advance(now);
            for (int k = 0; k < due.length; k++) {
                if (alarms.get(k).rung > expected[k]) {
                    due[k] = Deadline.NONE;
                    expected[k]++;
                }
                assertEquals(expected[k], alarms.get(k).rung);
                assertTrue(Math.max(due[k], alarms.get(k).set) > now - LATE, "missed");
            }
        }
        assertTrue(first > 0);
    }

    /** A loop that does nothing but what is due: it sleeps for as long as it may, or until somebody sets a deadline. */
    @RepeatedTest(20)
    void whoSleepsAsLongAsHeMayIsLateForNothing(RepetitionInfo info) {
        Random random = new Random(info.getCurrentRepetition());
        List<Alarm> alarms = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            alarms.add(new Alarm());
        }
        for (int step = 0; step < 2_000; step++) {
            Alarm alarm = alarms.get(random.nextInt(alarms.size()));
            alarm.set = now;
            alarm.deadline(now + span(random));
            long quietUntil = now + random.nextLong(20 * SECOND);
            while (now < quietUntil) {
                wheel.advance(now);
                long sleep = wheel.sleepMillis();
                now = sleep == 0 ? quietUntil : Math.min(quietUntil, now + sleep * 1_000_000);
                assertTrue(alarms.stream().noneMatch(each -> overdue(each)), "missed");
            }
        }
    }

    private boolean overdue(Alarm alarm) {
        return alarm.deadline() != Deadline.NONE && now - Math.max(alarm.deadline(), alarm.set) > LATE;
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "60, 42"})
    void manyWhoseTimeIsFarOffWakeHardlyEver(int spread, int most) {
        wheel.advance(now);
        for (int i = 0; i < 50_000; i++) {
            new Alarm().deadline(now + 90 * SECOND + i * (spread * SECOND / 50_000));
        }
        int wakes = 0;
        for (long end = now + 60 * SECOND; now < end; now += wheel.sleepMillis() * 1_000_000) {
            wheel.advance(now);
            wakes++;
        }
        assertTrue(wakes <= most, "in a minute it woke times: " + wakes);
    }

    /** From what has passed already to more than a turn of the wheel. */
    private static long span(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextLong(2 * SECOND);
            case 1 -> random.nextLong(200 * SECOND);
            default -> -random.nextLong(Wheel.TICK_NANOS);
        };
    }

    @Test
    void aDeadlineThatMovesOnWithEachRequestIsLookedAtOnceInATurnOfTheWheel() {
        int[] looks = {0};
        Wheel.Timer idle = new Wheel.Timer(new Wheel(() -> looks[0]++, now)) {
            @Override
            void expired() {
                throw new AssertionError("it never passes");
            }
        };
        for (long at = 0; at < 1000; at++) {
            idle.deadline(at + 100 * SECOND);
            idle.deadline(Deadline.NONE);
        }
        assertEquals(1, looks[0], "it entered the wheel once");
    }

    @Test
    void oneThatPassedIsToldAgainUntilSomethingIsDoneAboutIt() {
        int[] told = {0};
        Wheel.Timer stubborn = new Wheel.Timer(wheel) {
            @Override
            void expired() {
                told[0]++;
            }
        };
        stubborn.deadline(SECOND);
        for (now = SECOND; now <= 2 * SECOND; now += Wheel.TICK_NANOS) {
            wheel.advance(now);
        }
        assertTrue(told[0] >= 9, () -> "told " + told[0] + " times");
        stubborn.cancel();
        assertTrue(wheel.isEmpty());
        stubborn.deadline(now);
        assertTrue(wheel.isEmpty(), "what is cancelled stays out");
    }

    @Test
    void aWheelThatWasEmptyForLongNoticesTheNext() {
        Alarm alarm = new Alarm();
        now = 100_000 * SECOND;
        wheel.advance(now);
        alarm.deadline(now + SECOND);
        assertFalse(wheel.isEmpty());
        now += SECOND + LATE;
        wheel.advance(now);
        assertEquals(1, alarm.rung);
    }

    /** A deadline may be set before the loop has looked for the first time. */
    @Test
    void aWheelThatIsNewKnowsTheTime() {
        long late = 100_000 * SECOND;
        Wheel fresh = new Wheel(() -> {}, late);
        new Wheel.Timer(fresh) {
            @Override
            void expired() {
                deadline(Deadline.NONE);
            }
        }.deadline(late + SECOND);
        assertTrue(fresh.sleepMillis() <= (SECOND + LATE) / 1_000_000, () -> "sleeps " + fresh.sleepMillis() + " ms");
    }
}
