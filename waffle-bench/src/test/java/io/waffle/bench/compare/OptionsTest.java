// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void rowsAreChosenByTheirWholeId() {
        Options options = parse("--rows small-.*|churn-32 --turns 3");
        assertEquals(3, options.turns());
        assertEquals(5, options.seconds());
        assertEquals(
                List.of("small-64", "small-512", "small-1", "churn-32"),
                Workloads.all().stream()
                        .filter(options::wants)
                        .map(Workload::id)
                        .toList());
    }

    @Test
    void theSoakIsOnlyForTheAsking() {
        Workload soak = Workloads.find("soak").orElseThrow();
        assertFalse(parse("--turns 1").wants(soak));
        assertTrue(parse("--rows soak").wants(soak));
    }

    @Test
    void theSmokeTakesOneShortTurnAndFewRows() {
        Options options = parse("--smoke");
        assertEquals(1, options.turns());
        assertEquals(2, options.seconds());
        assertFalse(options.wants("caddy"));
        assertFalse(options.wants(Workloads.find("idle-10000").orElseThrow()));
        assertTrue(options.wants(Workloads.find("floor").orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--turns 0",
                "--turns five",
                "--turns",
                "--rows [",
                "--fast",
                "small-64",
                "--nginx /nonexistent/nginx",
                "--waffle old=/nonexistent"
            })
    void wrongOnesAreRefused(String line) {
        assertThrows(IllegalArgumentException.class, () -> parse(line));
    }

    private static Options parse(String line) {
        return Options.parse(List.of(line.split(" ")));
    }
}
