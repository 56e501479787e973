// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in {@code examples}, built on its own, as a plugin of what ships. */
class ExamplePluginIT {
    private static final String NAME = "random-two-choices";
    private static final List<String> SERVE = List.of("-listen", "127.0.0.1:0", "-lb-strategy", NAME);

    @Test
    void worksByBeingPutIntoPlugins(@TempDir Path temporary) throws IOException, InterruptedException {
        Path home = Archive.unpackInto(temporary);
        Files.copy(example(), home.resolve("plugins").resolve(example().getFileName()));
        List<String> arguments = List.of(
                "-listen",
                "127.0.0.1:0",
                "-lb-strategy",
                NAME,
                "-lb-option",
                "choices=3",
                "-backends",
                "http://127.0.0.1:9");
        try (var waffle = WaffleProcess.launch(home.resolve("bin/waffle"), classes(), arguments)) {
            waffle.awaitListening();
            assertEquals(0, waffle.terminate());
            assertTrue(waffle.output().contains("balancing " + NAME), waffle.output());
            // A plugin must not cost the quick start.
            assertTrue(waffle.output().contains("io.waffle.server.Main source: shared objects file"));
        }
    }

    @Test
    void takesItsOptionFromYaml(@TempDir Path plugins) throws IOException {
        Files.copy(example(), plugins.resolve("example.jar"));
        Path config = Files.writeString(plugins.resolve("config.yaml"), """
                listen: 127.0.0.1:0
                backends:
                  - http://127.0.0.1:9
                load_balancing:
                  strategy: random-two-choices
                  options:
                    choices: 9
                """);
        var refused = WaffleProcess.run("-config", config.toString(), "-plugins", plugins.toString());
        assertEquals(2, refused.code(), refused.output());
        assertTrue(refused.output().contains("choices"), refused.output());
        Files.writeString(config, Files.readString(config).replace("choices: 9", "choices: 4"));
        var accepted = WaffleProcess.run("-config", config.toString(), "-plugins", plugins.toString(), "-check");
        assertEquals(0, accepted.code(), accepted.output());
    }

    @Test
    void worksOnTheModulePath(@TempDir Path plugins) throws IOException {
        Files.copy(example(), plugins.resolve("example.jar"));
        Path home = WaffleProcess.home();
        List<String> command = new ArrayList<>(
                List.of(home.resolve("runtime/bin/java").toString(), "-p", "lib:" + plugins, "-m", "io.waffle.server"));
        command.addAll(SERVE);
        command.addAll(List.of("-backends", "http://127.0.0.1:9"));
        try (var waffle = WaffleProcess.launch(command, Map.of(), home)) {
            waffle.awaitListening();
            assertEquals(0, waffle.terminate());
            assertTrue(waffle.output().contains("balancing " + NAME), waffle.output());
        }
    }

    private static Map<String, String> classes() {
        return Map.of("WAFFLE_JAVA_OPTS", "-Xlog:class+load");
    }

    private static Path example() {
        return Path.of(System.getProperty("waffle.example"));
    }
}
