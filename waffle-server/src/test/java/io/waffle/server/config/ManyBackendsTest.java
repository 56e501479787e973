// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with very many backends: what one costs must not grow with how many there are. */
final class ManyBackendsTest {

    /** So many that anything that looks at all of them for each of them takes minutes. */
    private static final int MANY = 100_000;

    private static final Duration GENEROUS = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void areRead() {
        List<BackendConfig> backends = load(MANY, i -> "- {url: 'http://10.%d.%d.%d:80', labels: {zone: z%d}}"
                        .formatted(i >> 16, i >> 8 & 255, i & 255, i))
                .config()
                .pools()
                .getFirst()
                .backends();
        assertEquals(MANY, backends.size());
        BackendConfig last = backends.getLast();
        assertEquals("10.1.134.159:80", last.name());
        assertEquals(Map.of("zone", "z" + (MANY - 1)), last.labels());
    }

    @Test
    void haveEachMistakeAtItsPlace() {
        List<Problem> problems = load(MANY, i -> "- {url: 'http://a%d', weight: x%d}".formatted(i, i))
                .problems();
        assertEquals(MANY, problems.size());
        assertEquals(
                folder.resolve("waffle.yaml")
                        + ":100001: backends[99999].weight: x99999 (expected: a whole number of 0 to 65535)",
                problems.getLast().toString());
    }

    @Test
    void areLookedForAmongTheAddressesOfTheMachineTogether() throws InvalidValue {
        List<BackendConfig> backends = load(
                        MANY, i -> "- http://10.%d.%d.%d:8080".formatted(i >> 16, i >> 8 & 255, i & 255))
                .config()
                .pools()
                .getFirst()
                .backends();
        ListenAddress everywhere = ListenerSettings.LISTEN.read(":8080");
        assertTimeout(GENEROUS, () -> {
            for (int times = 0; times < 20; times++) {
                assertEquals(Optional.empty(), OwnListener.among(backends, everywhere));
            }
        });
    }

    @Test
    void areOneForEachItemWhateverIsInIt() throws IOException {
        Path file = folder.resolve("waffle.yaml");
        Files.writeString(file, "backends: ['http://a:80/x,y', 'http://b:80']");
        assertEquals(List.of("a:80/x,y", "b:80"), names(file));
        Files.writeString(file, "backends: http://a:80, http://b:80");
        assertEquals(List.of("a:80", "b:80"), names(file));
    }

    private List<String> names(Path file) {
        Configuration configuration = load(file);
        assertEquals(List.of(), configuration.problems());
        return configuration.config().pools().getFirst().backends().stream()
                .map(BackendConfig::name)
                .toList();
    }

    private Configuration load(int count, IntFunction<String> line) {
        Path file = folder.resolve("waffle.yaml");
        return assertTimeout(GENEROUS, () -> {
            Files.writeString(
                    file,
                    IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "backends:\n", "\n")));
            return load(file);
        });
    }

    private Configuration load(Path file) {
        return Loading.load(Map.of(CommandSettings.CONFIG, List.of(file.toString())), Map.of(), folder);
    }
}
