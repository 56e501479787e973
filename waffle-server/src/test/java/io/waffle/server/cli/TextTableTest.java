// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class TextTableTest {

    @Test
    @DisplayName("columns are as wide as they have to be, and nothing reaches a terminal as more than text")
    void lines() {
        TextTable table = new TextTable("A", "BB", "C")
                .add(List.of("one", "x", ""))
                .add(List.of("\u001b[31mred", "\u202etxt\u0000", "\r\nlast\u009b"));
        assertEquals(List.of("A         BB     C", "one       x", "?[31mred  ?txt?  ??last?"), table.lines());
    }
}
