// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a PATH leads to. Scripts, not links: JUnit warns of every link in a temporary folder that leads out of it. */
final class Tools {
    private Tools() {}

    /** Fills a folder with these tools of the system, and nothing else. */
    static Path into(Path folder, String... tools) throws IOException {
        for (String tool : tools) {
            Path place = Files.exists(Path.of("/bin", tool)) ? Path.of("/bin", tool) : Path.of("/usr/bin", tool);
            script(folder.resolve(tool), "exec " + place + " \"$@\"");
        }
        return folder;
    }

    /** Writes an executable of one line. */
    static void script(Path file, String line) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertTrue(file.toFile().setExecutable(true), file::toString);
    }
}
