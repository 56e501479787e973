// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.Setting;
import io.waffle.server.config.Settings;
import io.waffle.server.plugin.PluginJar;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final CountDownLatch listening = new CountDownLatch(1);
    private final ByteArrayOutputStream err = new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            if (toString(StandardCharsets.UTF_8).contains("listening on http://127.0.0.1:")) {
                listening.countDown();
            }
        }
    };

    @TempDir
    private Path folder;

    @BeforeEach
    void packStrategy() throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        PluginJar.module(folder, "acme.first", "first").version("1.2").pack(plugins.resolve("first.jar"));
    }

    @Test
    void helpHasEveryFlagAndFitsTheWidth() {
        assertEquals(0, run("-help", "all", "-bogus"));
        for (Setting<?> setting : Settings.all()) {
            setting.flags()
                    .forEach(flag -> assertTrue(
                            text(out).contains("  -" + flag) || text(out).contains(", -" + flag), flag));
        }
        text(out).lines().forEach(line -> assertTrue(line.length() <= 100, line));
        assertFalse(text(out).contains("`"));
    }

    @Test
    void whatOneNeedsFirstIsOnePageThatNamesTheRest() {
        assertEquals(0, run("-help", "-bogus"));
        List<String> lines = text(out).lines().toList();
        assertTrue(lines.size() <= 25, text(out));
        lines.forEach(line -> assertTrue(line.length() <= 100, line));
        Settings.commands()
                .forEach(command -> assertTrue(
                        text(out).matches("(?s).*\\b" + command.flags().getFirst() + "\\b.*"), command.name()));
        Arrays.stream(Setting.Group.values())
                .forEach(group -> assertTrue(text(out).matches("(?s).*\\b" + group.word() + "\\b.*"), group.word()));
        Set<String> flags = Settings.all().stream()
                .flatMap(setting -> setting.flags().stream())
                .collect(Collectors.toSet());
        Pattern.compile("(?m)(?<=^ {2}| )-([a-z-]+)(?= [A-Z0-9\\[])")
                .matcher(text(out))
                .results()
                .forEach(flag -> assertTrue(flags.contains(flag.group(1)), flag.group()));
    }

    @ParameterizedTest
    @EnumSource(Setting.Group.class)
    void eachGroupHasHelpOfItsOwn(Setting.Group group) {
        assertEquals(0, run("help", group.word()));
        assertTrue(text(out).startsWith(group.heading() + "\n"), text(out));
        Settings.all().stream()
                .filter(setting -> !setting.flags().isEmpty())
                .forEach(setting -> assertEquals(
                        setting.group() == group,
                        Pattern.compile("\n {2}-" + setting.flags().getFirst() + "[ ,=\n]")
                                .matcher(text(out))
                                .find(),
                        setting.name()));
    }

    @Test
    void versionNamesStrategiesAndTheirJars() {
        assertEquals(0, run("-version", "-plugins", "plugins"));
        assertTrue(text(out).contains("Helidon 4."), text(out));
        assertTrue(text(out).contains("Java " + Runtime.version()), text(out));
        assertTrue(text(out).matches("(?s).*first +acme\\.first 1\\.2, .*first\\.jar\\n"), text(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--h", "-help", "--help", "help"})
    void helpByAnyName(String word) {
        assertEquals(0, run(word), text(err));
        assertTrue(text(out).startsWith("Waffle, an HTTP load balancer\n"), text(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v", "-version", "--version", "version"})
    void versionByAnyName(String word) {
        assertEquals(0, run(word), text(err));
        assertTrue(text(out).startsWith("Waffle "), text(out));
    }

    @Test
    void levelsAreKnownByTheNamesOthersGiveThem() {
        assertEquals(0, check("warn"), text(err));
        assertEquals(0, check("ERR"), text(err));
    }

    @Test
    void whatIsNoJarIsSaidWithoutJava() throws Exception {
        Path jar = Files.writeString(folder.resolve("plugins/text.jar"), "no jar");
        assertEquals(0, run("-version", "-plugins", "plugins"));
        assertTrue(text(out).contains("  not loaded: " + jar + ": it is no jar that can be read: "), text(out));
        assertFalse(text(out).contains("java."), text(out));
    }

    @Test
    void checkSaysThatAllIsWell() {
        assertEquals(0, run("--check", "--plugins=plugins", "-lb-strategy=first", "-backends", "http://a"), text(err));
        assertEquals("configuration is valid\n", text(out));
    }

    @Test
    void anOptionTheStrategyDoesNotKnowIsReportedWhereItIs() {
        assertEquals(
                2,
                run(
                        "-check",
                        "-plugins",
                        "plugins",
                        "-lb-strategy",
                        "first",
                        "-lb-option",
                        "a=1",
                        "-backends",
                        "http://a"));
        assertTrue(text(err).startsWith("-lb-option: strategy first: option a is unknown"), text(err));
    }

    @Test
    void aPortInUseIsNoWrongUsage() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            assertEquals(
                    1,
                    run(
                            "-listen",
                            listen,
                            "-plugins",
                            "plugins",
                            "-lb-strategy",
                            "first",
                            "-backends",
                            "http://127.0.0.1"));
        }
        assertTrue(text(err).contains("cannot listen on"), text(err));
    }

    @Test
    void itBalancesUntilItIsInterrupted() throws Exception {
        try (Demo demo = Demo.start()) {
            String backend = demo.backends().getFirst();
            FutureTask<Integer> command = new FutureTask<>(() -> run(
                    "-listen", "127.0.0.1:0", "-plugins", "plugins", "-lb-strategy", "first", "-backends", backend));
            Thread thread = Thread.ofPlatform().start(command);
            assertTrue(listening.await(30, TimeUnit.SECONDS), text(err));
            thread.interrupt();
            assertEquals(0, command.get(30, TimeUnit.SECONDS));
        }
        assertTrue(text(err).contains("waffle: stopped"), text(err));
    }

    private int check(String level) {
        return run(
                "check", "-log-level", level, "-plugins", "plugins", "-lb-strategy", "first", "-backends", "http://a");
    }

    private int run(String... args) {
        PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Main(Map.of(), folder, console, new PrintStream(err, true, StandardCharsets.UTF_8)).run(args);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
