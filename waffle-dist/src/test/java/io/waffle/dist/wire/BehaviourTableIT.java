// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/wire-behaviours.md against the names of the tests, both ways. */
final class BehaviourTableIT {

    private static final Pattern ROW = Pattern.compile("\\| ([A-Z]\\d+) \\| .* \\| (.*) \\|");
    private static final Pattern NAME = Pattern.compile("@DisplayName\\(\\s*\"((?:[A-Z]\\d+(?:, )?)+) ");

    @Test
    void everyNumberOfTheTableIsHeldByTheTestsItNames() throws IOException {
        Map<String, String> table = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/wire-behaviours.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && !line.contains("| does not apply |")) {
                table.put(row.group(1), row.group(2));
            }
        }
        assertTrue(table.size() > 50, () -> "rows: " + table.size());
        assertEquals(tests(), table);
    }

    private static Map<String, String> tests() throws IOException {
        Map<String, TreeSet<String>> classes = new TreeMap<>();
        for (Path source : sources()) {
            String name = source.getFileName().toString().replace(".java", "");
            Matcher names = NAME.matcher(Files.readString(source));
            while (names.find()) {
                for (String number : List.of(names.group(1).split(", ", -1))) {
                    classes.computeIfAbsent(number, n -> new TreeSet<>()).add(name);
                }
            }
        }
        Map<String, String> joined = new TreeMap<>();
        classes.forEach((number, in) -> joined.put(number, String.join(", ", in)));
        return joined;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
