// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator hears of requests that no route takes. */
final class UnroutedLogIT {

    private static final String YAML = """
            pools:
              app: {backends: [http://127.0.0.1:9]}
            routes:
              - {name: app, hosts: [app.test], to: app}
            """;

    private final Path folder;

    UnroutedLogIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("R3 a line says where they came in and what they asked for, without the query; of many there is one")
    void told() {
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, YAML);
                RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 50; i++) {
                assertEquals(
                        404,
                        client.exchange("GET /a%22b?token=secret HTTP/1.1\r\nHost: Nobody.test:80\r\n\r\n")
                                .status());
            }
            String line = waffle.process()
                    .awaitOutput(Pattern.compile("no route: .*"))
                    .group();
            assertEquals("no route: listener=default host=Nobody.test:80 path=/a%22b", line.strip());
            int lines = waffle.process().output().split("no route: ", -1).length - 1;
            assertTrue(lines < 10, lines + " lines of 50 requests");
        }
    }

    @Test
    @DisplayName("R3 of a long path the beginning is shown")
    void bounded() {
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, YAML);
                RawClient client = RawClient.to(waffle.port())) {
            String path = "/" + "x".repeat(1_000);
            assertEquals(
                    404,
                    client.exchange("GET " + path + " HTTP/1.1\r\nHost: nobody.test\r\n\r\n")
                            .status());
            String line = waffle.process()
                    .awaitOutput(Pattern.compile("no route: .*"))
                    .group();
            assertEquals(
                    "no route: listener=default host=nobody.test path=" + path.substring(0, 200) + "...", line.strip());
        }
    }
}
