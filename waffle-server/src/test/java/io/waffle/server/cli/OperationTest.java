// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OperationTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            drain                              | waffle drain: nothing (expected: BACKEND)
            drain a b                          | waffle drain: a b (expected: BACKEND)
            undrain -admin 127.0.0.1:1         | waffle undrain: nothing (expected: BACKEND)
            status now                         | waffle status: now (expected: nothing behind it)
            routes a b                         | waffle routes: a b (expected: [NAME])
            weight 127                         | waffle weight: 127 (expected: BACKEND WEIGHT)
            weight 127 many                    | waffle weight: many (expected: a whole number of 0 to 65535)
            weight 127 -1                      | waffle weight: -1 (expected: a whole number of 0 to 65535)
            status -o xml                      | -o: xml (expected: one of text, wide, json)
            status -o                          | -o: no value (expected: FORMAT, text, wide, json)
            backends -state sick               | -state: sick (expected: trouble, up, down, ejected, slow-start or draining)
            drain app -wait 10                 | -wait: 10 (expected: a duration of 1s to 24h, such as 250ms, 10s, 5m or 1h)
            drain app -bogus                   | -bogus: unknown flag
            stauts                             | command line: stauts: unknown command (did you mean status?)
            status -admin example.org:1        | -admin: example.org:1 (expected:
            status                             | status: no admin API is configured (expected: -admin HOST:PORT, or -config FILE
            -backends http://127.0.0.1:1 -o json | -o: json (expected: one of status, backends, routes, drain, undrain, weight as the first word)
            """)
    @DisplayName("what is wrong is said with what was expected, and nobody is asked")
    void wrong(String words, String said) {
        assertEquals(2, run(words));
        String output = err.toString(StandardCharsets.UTF_8);
        assertTrue(output.contains(said), output);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("the help on commands has each of them")
    void helped() {
        assertEquals(0, run("help commands"));
        String help = out.toString(StandardCharsets.UTF_8);
        Arrays.stream(Operation.values())
                .forEach(operation -> assertTrue(help.contains("  waffle " + operation.word()), operation::word));
    }

    private int run(String words) {
        return new Main(
                        Map.of(),
                        folder,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(words.split(" +"));
    }
}
