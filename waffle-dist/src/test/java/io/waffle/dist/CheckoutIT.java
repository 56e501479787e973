// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./waffle} and {@code ./test} of a checkout where nothing was built yet, on machines that cannot build it. */
class CheckoutIT {
    private final Path checkout;
    private final Path machine;
    private final Path temporary;
    private final Path tools;

    CheckoutIT(@TempDir Path folder) throws IOException {
        checkout = Files.createDirectory(folder.resolve("check out"));
        machine = Files.createDirectory(folder.resolve("machine"));
        temporary = Files.createDirectory(folder.resolve("tmp"));
        tools = Tools.into(
                folder.resolve("tools"),
                "sh",
                "dirname",
                "readlink",
                "sed",
                "head",
                "date",
                "find",
                "mktemp",
                "cat",
                "rm");
        Path root = Path.of(System.getProperty("waffle.build.root"));
        for (String script : List.of("waffle", "test", "build/find-jdk.sh")) {
            Files.createDirectories(checkout.resolve(script).getParent());
            Files.copy(root.resolve(script), checkout.resolve(script));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"waffle", "test"})
    void withoutAJdkSaysWhatToInstall(String script) throws IOException {
        assertStops(script, Map.of(), """
                No JDK 25 or newer found: not by JAVA_HOME (not set), on the PATH, or in the usual folders.
                Install one, for example Eclipse Temurin 25 from https://adoptium.net, or set JAVA_HOME to its folder.
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"waffle", "test"})
    void anOlderJdkWillNotDo(String script) throws IOException {
        Path old = jdk("/usr/lib/jvm/old", "24.0.2");
        assertStops(script, Map.of("JAVA_HOME", old.toString()), """
                No JDK 25 or newer found: not by JAVA_HOME (%s), on the PATH, or in the usual folders.
                Install one, for example Eclipse Temurin 25 from https://adoptium.net, or set JAVA_HOME to its folder.
                """.formatted(old));
    }

    /** A JDK in one of the usual folders is found, though JAVA_HOME names one that will not do. */
    @ParameterizedTest
    @ValueSource(strings = {"waffle", "test"})
    void withoutMavenSaysWhatToInstall(String script) throws IOException {
        jdk("/usr/lib/jvm/new", "25");
        Path old = jdk("/opt/old", "17.0.1");
        assertStops(script, Map.of("JAVA_HOME", old.toString()), """
                No mvn on the PATH. Install Maven 3.8.7 or newer, for example: apt-get install maven
                """);
    }

    private void assertStops(String script, Map<String, String> variables, String message) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH",
                tools.toString(),
                "HOME",
                machine.toString(),
                "TMPDIR",
                temporary.toString(),
                "JDK_SEARCH_ROOT",
                machine.toString()));
        environment.putAll(variables);
        try (var process = WaffleProcess.launch(checkout.resolve(script), environment, List.of("-demo"))) {
            var ended = process.awaitEnd();
            assertEquals(message, ended.output());
            assertEquals(2, ended.code());
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    /** A JDK as far as a script can see: its javac tells the version, its java runs nothing. */
    private Path jdk(String folder, String version) throws IOException {
        Path home = Path.of(machine + folder);
        for (String tool : List.of("javac", "java")) {
            Tools.script(home.resolve("bin").resolve(tool), "echo javac " + version);
        }
        return home;
    }
}
