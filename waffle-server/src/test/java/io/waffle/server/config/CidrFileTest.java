// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.ClientAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of blocks: what they may have, and what is said of what they may not. */
class CidrFileTest {

    private static final Origin NAMED = new Origin(Origin.Source.FLAG, 0, "-deny");

    @TempDir
    Path folder;

    private Path file = Path.of("");
    private final List<Problem> problems = new ArrayList<>();

    @BeforeEach
    void nameFile() {
        file = folder.resolve("blocks.txt");
    }

    @Test
    void eachLineIsABlockButForCommentsAndEmptyOnes() throws IOException {
        Files.writeString(file, "# of yesterday\n\n10.0.0.0/8\r\n  192.0.2.1 # one\n2001:db8::/32");

        CidrSet set = CidrSet.of(CidrFile.read(file, NAMED, problems));

        assertEquals(List.of(), problems);
        assertEquals(3, set.blocks());
        assertTrue(set.contains(new ClientAddress(0, 0xFFFF_0A01_0203L)));
    }

    @Test
    void wrongLineIsToldOfWithFileAndLineAndTheOthersAreTaken() throws IOException {
        Files.writeString(file, "10.0.0.0/8\n10.0.0.1/8\n\nnonsense\n192.0.2.0/24\n");

        assertEquals(2, CidrFile.read(file, NAMED, problems).size());
        assertEquals(
                List.of(
                        file + ":2: 10.0.0.1/8 (expected: no bits beyond the prefix, so 10.0.0.0/8)",
                        file
                                + ":4: nonsense (expected: an address or a block, such as 192.0.2.1, 10.0.0.0/8 or fd00::/8)"),
                problems.stream().map(Problem::toString).toList());
    }

    @Test
    void fileOfAnotherKindIsNotToldOfLineByLine() throws IOException {
        Files.writeString(file, "no\n".repeat(5_000));

        assertEquals(List.of(), CidrFile.read(file, NAMED, problems));
        assertEquals(11, problems.size());
        assertEquals(
                "-deny: " + file + " (expected: one address or block to a line; 5000 lines are wrong)",
                problems.getLast().toString());
    }

    @Test
    void missingFileIsToldOfWhereItWasNamed() {
        assertEquals(List.of(), CidrFile.read(file, NAMED, problems));
        assertEquals(
                "-deny: " + file
                        + " (expected: a file with one address or block to a line; there is no such file or folder)",
                problems.getFirst().toString());
    }

    @Test
    void hundredThousandBlocksAreTaken() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append(i >> 16)
                    .append('.')
                    .append(i >> 8 & 0xFF)
                    .append('.')
                    .append(i & 0xFF)
                    .append(".64/26\n");
        }
        Files.writeString(file, text);

        CidrSet set = CidrSet.of(CidrFile.read(file, NAMED, problems));

        assertEquals(100_000, set.blocks());
        assertTrue(set.contains(new ClientAddress(0, 0xFFFF_0001_0240L)));
    }
}
