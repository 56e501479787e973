// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.util.concurrent.atomic.AtomicLong;

/** Says when each of several threads is to begin something next, and when that was due. Thread-safe. */
sealed interface Turns {

    long OVER = Long.MIN_VALUE;

    /** Waits for the next turn: the time it was due, by {@link System#nanoTime}, or {@link #OVER}. */
    long next();

    /** At once, until a time. */
    record Unpaced(long end) implements Turns {

        @Override
        public long next() {
            long now = System.nanoTime();
            return now - end < 0 ? now : OVER;
        }
    }

    /** As a schedule says; with everybody busy the next turn is late, and is told so. */
    record Paced(Schedule schedule, AtomicLong taken) implements Turns {

        Paced(Schedule schedule) {
            this(schedule, new AtomicLong());
        }

        @Override
        public long next() {
            long number = taken.getAndIncrement();
            if (number >= schedule.size()) {
                return OVER;
            }
            schedule.await(number);
            return schedule.intended(number);
        }
    }
}
