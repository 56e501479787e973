// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.Archive;
import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in {@code examples}, built on its own, as a plugin of what ships. */
final class ExamplePluginIT {
    private static final String NAME = "random-two-choices";

    @Test
    @DisplayName("the example works by being put into plugins, and does not cost the quick start")
    void inThePluginsFolder(@TempDir Path temporary) throws IOException, InterruptedException {
        Path home = Archive.unpackInto(temporary);
        Files.copy(example(), home.resolve("plugins").resolve(example().getFileName()));
        List<ScriptedBackend> backends = backends();
        List<String> arguments = List.of(
                "-listen",
                "127.0.0.1:0",
                "-lb-strategy",
                NAME,
                "-lb-option",
                "choices=3",
                "-backends",
                Site.urls(backends));
        Map<String, String> classes = Map.of("WAFFLE_JAVA_OPTS", "-Xlog:class+load");
        try (Site site = Site.of(WaffleProcess.launch(home.resolve("bin/waffle"), classes, arguments), backends)) {
            balances(site);
            assertTrue(site.waffle().output().contains("io.waffle.server.cli.Main source: shared objects file"));
        }
    }

    @Test
    @DisplayName("the example takes its option from YAML")
    void optionFromYaml(@TempDir Path plugins) throws IOException {
        Files.copy(example(), plugins.resolve("example.jar"));
        List<ScriptedBackend> backends = backends();
        Path config = Files.writeString(plugins.resolve("config.yaml"), """
                load_balancing:
                  strategy: random-two-choices
                  options:
                    choices: 9
                """);
        String[] arguments = {"-config", config.toString(), "-plugins", plugins.toString()};
        WaffleProcess.Ended refused = WaffleProcess.run(
                "-backends", Site.urls(backends), "-config", config.toString(), "-plugins", plugins.toString());
        assertEquals(2, refused.code(), refused.output());
        assertTrue(refused.output().contains("choices: 9 (expected: "), refused.output());
        Files.writeString(config, Files.readString(config).replace("choices: 9", "choices: 4"));
        try (Site site = Site.over(backends, Map.of(), arguments)) {
            balances(site);
        }
    }

    @Test
    @DisplayName("the example works on the module path")
    void onTheModulePath(@TempDir Path plugins) throws IOException {
        Files.copy(example(), plugins.resolve("example.jar"));
        Path home = WaffleProcess.home();
        List<ScriptedBackend> backends = backends();
        List<String> command = List.of(
                home.resolve("runtime/bin/java").toString(),
                "-p",
                "lib:" + plugins,
                "-m",
                "io.waffle.server",
                "-listen",
                "127.0.0.1:0",
                "-lb-strategy",
                NAME,
                "-backends",
                Site.urls(backends));
        try (Site site = Site.of(WaffleProcess.launch(command, Map.of(), home), backends)) {
            balances(site);
        }
    }

    /** That a random choice leaves one of three backends out of a hundred requests is out of the question: 3 (2/3)^100 is less than 1e-16. */
    private static void balances(Site site) {
        site.waffle().awaitOutput(Pattern.compile("balancing " + NAME));
        Set<Integer> reached = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertEquals(200, site.get("/").status());
            for (int b = 0; b < site.backends().size(); b++) {
                if (!site.backend(b).taken().isEmpty()) {
                    reached.add(b);
                }
            }
        }
        assertEquals(Set.of(0, 1, 2), reached);
        assertEquals(0, site.waffle().terminate());
    }

    private static List<ScriptedBackend> backends() {
        return Stream.generate(ScriptedBackend::start).limit(3).toList();
    }

    private static Path example() {
        return Path.of(System.getProperty("waffle.example"));
    }
}
