// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreakTest {

    /** Probes as they come, and the state after each: an opposite one starts the count again. */
    @ParameterizedTest
    @CsvSource({
        "+, U",
        "--, UU",
        "---, UUD",
        "--+--, UUUUU",
        "--+---, UUUUUD",
        "---+, UUDD",
        "---++, UUDDU",
        "---+-+, UUDDDD",
        "---++--, UUDDUUU",
        "---++---, UUDDUUUD",
    })
    void flipsAfterEnoughInARow(String probes, String states) {
        Streak streak = new Streak(true, 2, 3);
        StringBuilder seen = new StringBuilder();
        for (char probe : probes.toCharArray()) {
            boolean before = streak.isUp();
            assertEquals(streak.flips(probe == '+'), before != streak.isUp());
            seen.append(streak.isUp() ? 'U' : 'D');
        }
        assertEquals(states, seen.toString());
    }
}
