// SPDX-License-Identifier: Apache-2.0
package io.waffle.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    private enum Mode {
        LEAST_LOADED,
        RANDOM
    }

    @Test
    void whatIsNotConfiguredIsWhatTheStrategyTakes() {
        Options options = Options.of(Map.of());
        assertEquals("x", options.text("a", "x"));
        assertEquals(true, options.flag("b", true));
        assertEquals(7, options.integer("c", 7, 0, 10));
        assertEquals(0.5, options.decimal("d", 0.5, 0, 1));
        assertEquals(
                Duration.ofSeconds(1),
                options.duration("e", Duration.ofSeconds(1), Duration.ZERO, Duration.ofMinutes(1)));
        assertEquals(Mode.RANDOM, options.choice("f", Mode.RANDOM));
        assertEquals(List.of("a", "b", "c", "d", "e", "f"), options.known());
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250000000", "10s, 10000000000", "2m, 120000000000", "1h, 3600000000000", "5us, 5000", "7ns, 7"})
    void durationsHaveUnits(String text, long nanos) {
        Options options = Options.of(Map.of("d", text));
        assertEquals(
                nanos,
                options.duration("d", Duration.ZERO, Duration.ZERO, Duration.ofDays(1))
                        .toNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "1d", "2h", "999999999999999h"})
    void otherDurationsAreRefused(String text) {
        Options options = Options.of(Map.of("d", text));
        InvalidOptionException e = assertThrows(
                InvalidOptionException.class,
                () -> options.duration("d", Duration.ZERO, Duration.ofMillis(5), Duration.ofHours(1)));
        assertEquals("d", e.option());
        assertEquals("d: " + text + " (expected: a duration such as 250ms or 10s, 5ms to 3600s)", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "11", "-1", "1.0", "99999999999999999999"})
    void aNumberOutOfRangeIsRefused(String text) {
        Options options = Options.of(Map.of("n", text));
        InvalidOptionException e = assertThrows(InvalidOptionException.class, () -> options.integer("n", 1, 0, 10));
        assertEquals("n: " + text + " (expected: a whole number, 0 to 10)", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1.5", "NaN"})
    void aDecimalOutOfRangeIsRefused(String text) {
        Options options = Options.of(Map.of("n", text));
        assertThrows(InvalidOptionException.class, () -> options.decimal("n", 0, 0, 1));
    }

    @Test
    void wordsAreCheckedAgainstTheList() {
        Options options = Options.of(Map.of("mode", "least-loaded", "other", "LEAST_LOADED", "flag", "yes"));
        assertEquals(Mode.LEAST_LOADED, options.choice("mode", Mode.RANDOM));
        InvalidOptionException e =
                assertThrows(InvalidOptionException.class, () -> options.choice("other", Mode.RANDOM));
        assertEquals("other: LEAST_LOADED (expected: least-loaded, random)", e.getMessage());
        assertThrows(InvalidOptionException.class, () -> options.flag("flag", false));
    }

    @Test
    void whatNobodyAskedForIsUnknown() {
        Options options = Options.of(Map.of("b", "1", "a", "2", "c", "3"));
        options.text("b", "");
        assertEquals(List.of("a", "c"), options.unknown());
    }
}
