// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<Integer> ends = new ArrayList<>();
    private final LastWords words = new LastWords(new PrintStream(written, true, StandardCharsets.UTF_8), ends::add);

    @Test
    void wantOfMemoryOnAnyThreadEndsTheProcessWithALine() {
        words.uncaughtException(new Thread("anybody"), new OutOfMemoryError("no direct memory"));

        assertEquals(List.of(LastWords.STATUS), ends);
        assertEquals(
                "waffle: cannot go on, and ends: thread anybody: java.lang.OutOfMemoryError: no direct memory",
                written.toString(StandardCharsets.UTF_8).strip());
    }

    @Test
    void whatAnotherThreadDiesOfIsOnlySaid() {
        words.uncaughtException(new Thread("a plugin's"), new NoClassDefFoundError("a/B"));

        assertEquals(List.of(), ends);
        assertTrue(written.toString(StandardCharsets.UTF_8).contains("a plugin's"));
    }
}
