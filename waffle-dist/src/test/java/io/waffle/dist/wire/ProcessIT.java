// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Waffle as a process among others. */
final class ProcessIT {

    @Test
    @DisplayName("no signal ends it but those that are meant to")
    void signals() {
        try (Site site = Site.open(1)) {
            for (String signal :
                    List.of("USR1", "USR2", "ALRM", "VTALRM", "PROF", "IO", "PWR", "WINCH", "PIPE", "HUP")) {
                site.waffle().signal(signal);
            }
            site.waffle().awaitOutput(Pattern.compile("reloaded \\(SIGHUP\\)"));
            assertEquals(200, site.get("/").status());
            assertEquals(0, site.waffle().terminate());
        }
    }

    @Test
    @DisplayName("a standard descriptor that was closed leads nowhere, and not into the first file that is opened")
    void closedDescriptors() {
        List<String> command = List.of(
                "sh",
                "-c",
                "exec \"$0\" -listen 127.0.0.1:0 -backends http://127.0.0.1:9 <&- 2>&-",
                WaffleProcess.launcher().toString());
        try (var waffle = WaffleProcess.launch(command, Map.of(), WaffleProcess.home())) {
            Path descriptors = Path.of("/proc/" + waffle.pid() + "/fd");
            assertTrue(Eventually.holds(() -> leadsNowhere(descriptors.resolve("2"))), "2");
            assertTrue(leadsNowhere(descriptors.resolve("0")), "0");
        }
    }

    private static boolean leadsNowhere(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().equals("/dev/null");
        } catch (IOException e) {
            return false;
        }
    }
}
