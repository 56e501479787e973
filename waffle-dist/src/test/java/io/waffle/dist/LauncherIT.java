// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/waffle} as it comes out of the tarball. */
class LauncherIT {
    private static final List<String> VERSION = List.of("-version");

    /** Nothing listens there, and nothing needs to: these tests send no request. */
    private static final String[] SERVE = {"-listen", "127.0.0.1:0", "-backends", "http://127.0.0.1:9"};

    private static Path temporary = Path.of("");
    private static Path home = Path.of("");

    @BeforeAll
    static void unpack(@TempDir Path folder) throws IOException, InterruptedException {
        temporary = folder;
        home = Archive.unpackInto(temporary.resolve("a folder with spaces"));
    }

    @Test
    void listsTheThreeStrategies() {
        String version = ending(home.resolve("bin/waffle"), Map.of(), VERSION);
        assertTrue(version.contains("round-robin"), version);
        assertTrue(version.contains("ip-hash"), version);
        assertTrue(version.contains("least-connections"), version);
    }

    @Test
    void startsFromAnyFolderByARelativePath() {
        List<String> command = List.of("./waffle", "-version");
        try (var waffle = WaffleProcess.launch(command, Map.of(), home.resolve("bin"))) {
            assertEquals(0, waffle.awaitEnd().code(), waffle.output());
        }
    }

    @Test
    void startsThroughSymbolicLinks() throws IOException {
        Path links = Files.createDirectories(temporary.resolve("links"));
        Path direct = Files.createSymbolicLink(links.resolve("direct"), home.resolve("bin/waffle"));
        Path indirect = Files.createSymbolicLink(links.resolve("indirect"), Path.of("direct"));
        Path folder = Files.createSymbolicLink(links.resolve("folder"), home);
        for (Path launcher : List.of(direct, indirect, folder.resolve("bin/waffle"))) {
            assertTrue(ending(launcher, Map.of(), VERSION).contains("round-robin"), launcher.toString());
        }
    }

    @Test
    void ignoresAnotherJava() {
        Map<String, String> environment = Map.of("JAVA_HOME", "/nonexistent", "PATH", "/usr/bin:/bin");
        assertTrue(ending(home.resolve("bin/waffle"), environment, VERSION).contains("round-robin"));
    }

    @Test
    void processIsTheJvmAndSignalsReachIt() {
        for (String signal : List.of("TERM", "INT")) {
            try (var waffle = serve(Map.of())) {
                waffle.awaitListening();
                String command = ProcessHandle.of(waffle.pid())
                        .orElseThrow()
                        .info()
                        .command()
                        .orElseThrow();
                assertEquals(home.resolve("runtime/bin/java").toString(), command);
                assertEquals(0, waffle.signal(signal).awaitEnd().code(), waffle.output());
            }
        }
    }

    @Test
    void passesFlagsToTheJvm() {
        try (var waffle = serve(Map.of("WAFFLE_JAVA_OPTS", "-Xmx64m -Xlog:gc"))) {
            waffle.awaitListening();
            assertEquals(0, waffle.terminate());
            assertTrue(waffle.output().contains("Using Serial"), waffle.output());
        }
    }

    @Test
    void anotherCollectorTakesThePlaceOfTheOneThereIs() {
        try (var waffle = serve(Map.of("WAFFLE_JAVA_OPTS", "-Xmx64m -XX:+UseParallelGC -Xlog:gc"))) {
            waffle.awaitListening();
            assertEquals(0, waffle.terminate());
            assertTrue(waffle.output().contains("Using Parallel"), waffle.output());
        }
    }

    @Test
    void whatIsWrongWithAFlagForTheJvmSaysWhereItIsFrom() {
        refused("-Xmx1tb", "-Xmx1tb (expected: a size");
        refused("-ea Xmx64m", "Xmx64m (expected: an option, which begins with a dash)");
        refused("-XX:+NoSuchThing", "-XX:+NoSuchThing: Java says: Unrecognized VM option 'NoSuchThing'");
        refused("-XX:MaxGCPauseMillis=soon", "-XX:MaxGCPauseMillis=soon: Java says: Improperly specified VM option");
        refused("-XX:+UseParallelGC -XX:+UseG1GC", "-XX:+UseParallelGC -XX:+UseG1GC: Java says: ");
    }

    private static void refused(String options, String message) {
        try (var waffle =
                WaffleProcess.launch(home.resolve("bin/waffle"), Map.of("WAFFLE_JAVA_OPTS", options), VERSION)) {
            var ended = waffle.awaitEnd();
            assertEquals(2, ended.code(), ended.output());
            assertTrue(ended.output().startsWith("waffle: WAFFLE_JAVA_OPTS: " + message), ended.output());
        }
    }

    /** Wherever the tarball was unpacked: the build made the cache in another folder. */
    @Test
    void usesTheAotCache() {
        try (var waffle = serve(Map.of("WAFFLE_JAVA_OPTS", "-Xlog:class+load"))) {
            waffle.awaitListening();
            waffle.terminate();
            assertTrue(waffle.output().contains("io.waffle.server.cli.Main source: shared objects file"));
        }
    }

    @Test
    void ignoresAMissingOrUnfitCacheWithoutAWord() throws IOException, InterruptedException {
        Path other = Archive.unpackInto(temporary.resolve("no cache"));
        Path cache = other.resolve("runtime/lib/waffle.aot");
        Files.writeString(cache, "not a cache");
        assertTrue(quiet(other), "with a broken cache");
        Files.delete(cache);
        assertTrue(quiet(other), "without a cache");
    }

    @Test
    void withoutARuntimeAndWithoutJavaSaysSo() throws IOException, InterruptedException {
        Path other = Archive.unpackInto(temporary.resolve("no runtime"));
        FileTrees.delete(other.resolve("runtime"));
        Path tools = Tools.into(temporary.resolve("tools"), "sh", "dirname", "readlink", "sed", "head");
        try (var waffle =
                WaffleProcess.launch(other.resolve("bin/waffle"), Map.of("PATH", tools.toString()), VERSION)) {
            var ended = waffle.awaitEnd();
            assertEquals(2, ended.code());
            assertTrue(ended.output().contains("no Java"), ended.output());
        }
    }

    @Test
    void withoutARuntimeTakesAnotherJava() throws IOException, InterruptedException {
        Path other = Archive.unpackInto(temporary.resolve("another java"));
        FileTrees.delete(other.resolve("runtime"));
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        assertTrue(ending(other.resolve("bin/waffle"), environment, VERSION).contains("round-robin"));
    }

    /** Java itself writes what it is asked to write in digits of the locale, and cannot name what the locale's encoding does not have. */
    @Test
    void servesInAnyLocaleFromAFolderOfAnyNameByAFileOfAnyName() throws IOException, InterruptedException {
        Path other = Archive.unpackInto(temporary.resolve("küche"));
        Path config = Files.writeString(
                temporary.resolve("wäffle.yaml"), "backends: ['http://127.0.0.1:9']\nlisten: 127.0.0.1:0\n");
        for (String options : List.of("", "-Duser.language=ar -Duser.country=EG -Duser.extensions=u-nu-arab")) {
            Map<String, String> environment = Map.of("LC_ALL", "POSIX", "LANG", "C", "WAFFLE_JAVA_OPTS", options);
            try (var waffle = WaffleProcess.launch(
                    other.resolve("bin/waffle"), environment, List.of("-config", config.toString()))) {
                waffle.awaitListening();
                assertEquals(0, waffle.terminate(), waffle.output());
                assertTrue(waffle.output().matches("(?s)20\\d\\d-.*"), waffle.output());
            }
        }
    }

    @Test
    void startsAsABareModule() {
        for (List<String> flags :
                List.of(List.<String>of(), List.of("--add-opens", "java.base/java.lang=io.waffle.server"))) {
            List<String> command =
                    new ArrayList<>(List.of(home.resolve("runtime/bin/java").toString()));
            command.addAll(flags);
            command.addAll(List.of("-p", "lib", "-m", "io.waffle.server"));
            command.addAll(List.of(SERVE));
            try (var waffle = WaffleProcess.launch(command, Map.of(), home)) {
                waffle.awaitListening();
                waffle.terminate();
                long hints = waffle.output()
                        .lines()
                        .filter(line -> line.contains("--add-opens"))
                        .count();
                assertEquals(flags.isEmpty() ? 1 : 0, hints, waffle.output());
            }
        }
    }

    private static boolean quiet(Path other) {
        try (var waffle = WaffleProcess.launch(other.resolve("bin/waffle"), Map.of(), List.of(SERVE))) {
            waffle.awaitListening();
            assertFalse(
                    Pattern.compile("\\[(warning|error)\\b|WARN|aot|cds")
                            .matcher(waffle.output())
                            .find(),
                    waffle.output());
            return waffle.terminate() == 0;
        }
    }

    private static WaffleProcess serve(Map<String, String> environment) {
        return WaffleProcess.launch(home.resolve("bin/waffle"), environment, List.of(SERVE));
    }

    private static String ending(Path launcher, Map<String, String> environment, List<String> arguments) {
        try (var waffle = WaffleProcess.launch(launcher, environment, arguments)) {
            var ended = waffle.awaitEnd();
            assertEquals(0, ended.code(), ended.output());
            return ended.output();
        }
    }
}
