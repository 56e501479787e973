// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreakTest {

    /** Checks as they come, and what is concluded after each: up, down, or nothing yet. A digit is a change of how the backend stands. */
    @ParameterizedTest
    @CsvSource({
        "+, -",
        "++, -U",
        "+++, -UU",
        "---, --D",
        "----, --DD",
        "--+---, -----D",
        "---+-++, --D---U",
        "+1+, --",
        "+1++, --U",
        "-1-2-, --D",
    })
    void onlySomeInARowCount(String checks, String conclusions) {
        Streak streak = new Streak(2, 3);
        int changes = 0;
        StringBuilder seen = new StringBuilder();
        for (char check : checks.toCharArray()) {
            if (Character.isDigit(check)) {
                changes = check;
                continue;
            }
            if (check == '+') {
                streak.pass(changes);
            } else {
                streak.fail();
            }
            seen.append(streak.rises() ? 'U' : streak.falls() ? 'D' : '-');
        }
        assertEquals(conclusions, seen.toString());
    }
}
