// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/writing-a-strategy.md shows is the example, which is built and tested. */
final class WritingAStrategyTest {

    private static final Path ROOT = Path.of("..");
    private static final Path EXAMPLE = ROOT.resolve("examples/random-two-choices");

    /** A line that is the path of a file and a colon, and then a block with what is in it. */
    private static final Pattern FILE =
            Pattern.compile("^`(\\S+)`:\\n\\n```\\w+\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void thePageShowsTheExample() throws IOException {
        Matcher blocks = FILE.matcher(Files.readString(ROOT.resolve("docs/writing-a-strategy.md")));
        List<String> shown = new ArrayList<>();
        while (blocks.find()) {
            String path = blocks.group(1);
            String file = Files.readString(EXAMPLE.resolve(path)).replaceFirst("^// SPDX-.*\\n", "");
            assertEquals(file, blocks.group(2), () -> path + ": in the example (expected) and on the page");
            shown.add(path);
        }
        assertTrue(shown.size() >= 8, () -> "files shown: " + shown);
    }
}
