// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plugin whose option decides who serves: however it is found and wherever its option is set, requests go there. */
final class PluginOptionIT {
    private static final String FIXED = """
            package fixed;
            import io.waffle.api.*;
            public final class Provider implements StrategyProvider {
                public String name() { return "fixed"; }
                public Strategy create(StrategyContext context) {
                    int at = (int) context.options().integer("at", 0, 0, 2);
                    return backends -> request -> backends.get(at);
                }
            }
            """;

    private final Path temp;
    private final Path plugins;
    private final List<ScriptedBackend> backends =
            Stream.generate(ScriptedBackend::start).limit(3).toList();

    PluginOptionIT(@TempDir Path temp) throws IOException {
        this.temp = temp;
        plugins = Files.createDirectory(temp.resolve("plugins"));
        TestPlugin.compile(temp, "fixed", FIXED).packInto(plugins);
    }

    /** Where the jar lies. */
    enum Place {
        PLUGINS_FOLDER,
        MODULE_PATH
    }

    /** Where its option is set. */
    enum Door {
        DEFAULT,
        FLAG,
        YAML
    }

    @ParameterizedTest
    @CsvSource({
        "PLUGINS_FOLDER, DEFAULT, 0",
        "PLUGINS_FOLDER, FLAG, 1",
        "PLUGINS_FOLDER, YAML, 2",
        "MODULE_PATH, DEFAULT, 0",
        "MODULE_PATH, FLAG, 2",
        "MODULE_PATH, YAML, 1"
    })
    @DisplayName("a plugin serves with its option, in the plugins folder and on the module path")
    void serves(Place place, Door door, int chosen) throws IOException {
        try (Site site = Site.of(start(place, door, chosen), backends)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(200, site.get("/" + i).status());
                assertEquals("/" + i, site.backend(chosen).next().head().target());
            }
            backends.forEach(backend -> assertEquals(List.of(), backend.taken()));
            assertEquals(0, site.waffle().terminate());
            assertTrue(site.waffle().output().contains("balancing fixed over 3"), site.waffle()::output);
        }
    }

    @ParameterizedTest
    @CsvSource({"PLUGINS_FOLDER, FLAG, -lb-option: ", "MODULE_PATH, YAML, waffle.yaml:4: load_balancing.options.at: "})
    @DisplayName("a value its option must not have: exit 2, with place, value and expectation")
    void refuses(Place place, Door door, String where) throws IOException {
        try (Site site = Site.of(start(place, door, 3), backends)) {
            WaffleProcess.Ended ended = site.waffle().awaitEnd();
            assertEquals(2, ended.code());
            assertTrue(ended.output().contains(where), ended.output());
            assertTrue(ended.output().contains("at: 3 (expected: a whole number, 0 to 2"), ended.output());
        }
    }

    private WaffleProcess start(Place place, Door door, int value) throws IOException {
        Path home = WaffleProcess.home();
        List<String> command = new ArrayList<>();
        if (place == Place.MODULE_PATH) {
            command.addAll(List.of(home + "/runtime/bin/java", "-p", "lib:" + plugins, "-m", "io.waffle.server"));
        } else {
            command.addAll(List.of(WaffleProcess.launcher().toString(), "-plugins", plugins.toString()));
        }
        command.addAll(List.of("-listen", "127.0.0.1:0", "-backends", Site.urls(backends), "-lb-strategy", "fixed"));
        if (door == Door.FLAG) {
            command.addAll(List.of("-lb-option", "at=" + value));
        } else if (door == Door.YAML) {
            String yaml = "# the option only\nload_balancing:\n  options:\n    at: " + value + "\n";
            command.addAll(List.of(
                    "-config",
                    Files.writeString(temp.resolve("waffle.yaml"), yaml).toString()));
        }
        return WaffleProcess.launch(command, Map.of(), home);
    }
}
