// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.CommandSettings;
import io.waffle.server.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file or a command line looks like: it is right, or each mistake has its place; never a stack trace, never long. */
final class FuzzedConfigurationTest {

    private static final int RUNS = 10_000;
    private static final long MOST_NANOS = Duration.ofSeconds(1).toNanos();

    /** Where, then what: a flag, a variable, a file with the line. */
    private static final Pattern PLACED =
            Pattern.compile("(-.+|command line|WAFFLE_[A-Z_]+|/[^:]+:[0-9]+(: [^ ]*)?|/[^:]+): .+|strategy: .+");

    private static final Pattern TRACE =
            Pattern.compile("^\\s+at [\\w.$/@<>]+\\(|Exception|\\b[A-Z][a-z]+Error\\b|Caused by", Pattern.MULTILINE);

    /** What parsers trip over. */
    private static final List<String> NASTY = List.of(
            "",
            " ",
            "\t",
            "\n",
            "\r",
            "\0",
            "\u0085",
            "\uFEFF",
            "\uD800",
            "\u00e4",
            ":",
            ": ",
            "- ",
            "-",
            "#",
            "&a ",
            "*a",
            "!!int ",
            "!x ",
            "? ",
            "|",
            ">",
            "'",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            "%",
            "@",
            "`",
            "~",
            "<<: *a",
            "---\n",
            "...\n",
            "a..b: 1\n",
            "\"\": 1\n",
            "0x7f",
            "1e999",
            "-1",
            "99999999999999999999",
            "0s",
            "1h",
            ".5",
            "=",
            ";weight=",
            "http://[::1",
            "http://a:80/x%",
            "\u001b[2J",
            "null",
            "true");

    @TempDir
    private Path folder;

    private final Random random = new Random(20_261_130);

    @Test
    void files() throws IOException {
        List<String> seeds = seeds();
        Path file = folder.resolve("waffle.yaml");
        for (int i = 0; i < RUNS / 2; i++) {
            String yaml = seeds.get(random.nextInt(seeds.size()));
            for (int times = random.nextInt(4); times >= 0; times--) {
                yaml = mutated(yaml);
            }
            byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(20) == 0 && bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            String shown = yaml;
            check("file " + i + ":\n" + shown, "-config", "waffle.yaml", "-check");
        }
    }

    @Test
    void commandLines() {
        List<String> flags = Settings.all().stream()
                .filter(setting -> setting != CommandSettings.DEMO
                        && setting != CommandSettings.HELP
                        && setting != CommandSettings.VERSION)
                .flatMap(setting -> setting.flags().stream())
                .toList();
        for (int i = 0; i < RUNS / 2; i++) {
            List<String> words = new ArrayList<>();
            for (int count = 1 + random.nextInt(5); count > 0; count--) {
                String flag = "-" + flags.get(random.nextInt(flags.size()));
                words.add(random.nextInt(10) == 0 ? mutated(flag) : flag);
                if (random.nextInt(8) != 0) {
                    words.add(mutated(random.nextBoolean() ? "http://app1:3000;weight=3" : nasty() + nasty()));
                }
            }
            words.removeIf(word -> word.contains("demo") || word.contains("stop") || word.contains("reload"));
            words.add("-check");
            check("command line " + i + ": " + words, words.toArray(String[]::new));
        }
    }

    @Test
    void whatIsLongTakesNoLonger() throws IOException {
        String much = "[".repeat(200_000);
        for (String yaml : List.of(
                much,
                "backends: " + much,
                "a: " + "{b: ".repeat(100_000),
                "- ".repeat(100_000),
                "backends: [" + "x,".repeat(10_000) + "]",
                "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                        + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]\n",
                "backends: [" + words(10_000, "http://a:80?") + "]", // in one line
                "backends:\n" + words(10_000, "- http://a:80?").replace(',', '\n'),
                "x".repeat(1_000_000) + ": 1",
                '"' + "x".repeat(1_000_000) + "\": 1",
                "? " + "x".repeat(1_000_000) + "\n: 1",
                "retry: {? " + "x".repeat(1_000_000) + "\n: 1}",
                "x: " + "x".repeat(1_000_000),
                "listen: " + "a.".repeat(100_000),
                "backends: [\"http://a/" + "%41".repeat(100_000) + "!\"]")) {
            Files.writeString(folder.resolve("waffle.yaml"), yaml);
            check(yaml.substring(0, 20), "-config", "waffle.yaml", "-check");
        }
    }

    private static String words(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.joining(","));
    }

    /** Of two times the better counts: code that nobody has compiled yet takes several times as long. */
    private void check(String what, String... args) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long took = Long.MAX_VALUE;
        int code = 0;
        for (int i = 0; i < 2 && took >= MOST_NANOS; i++) {
            bytes.reset();
            PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            code = new Main(Map.of(), folder, out, out).run(args);
            took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        }
        check(what, code, took, bytes.toString(StandardCharsets.UTF_8));
    }

    private static void check(String what, int code, long took, String said) {
        assertTrue(code == 0 || code == 2, () -> code + " for " + what + "\n" + said);
        assertTrue(took < MOST_NANOS, () -> took / 1_000_000 + " ms of CPU for " + what);
        assertFalse(TRACE.matcher(said).find(), () -> said + "\nfor " + what);
        if (code == 2) {
            List<String> lines = said.lines().toList();
            List<String> unplaced = lines.subList(0, lines.size() - 1).stream()
                    .filter(line -> !PLACED.matcher(line).matches())
                    .toList();
            assertEquals(List.of(), unplaced, () -> "for " + what);
        }
    }

    private String mutated(String text) {
        int at = random.nextInt(text.length() + 1);
        int to = at + random.nextInt(Math.min(12, text.length() - at) + 1);
        String[] lines = text.split("(?<=\n)", -1);
        int line = random.nextInt(lines.length);
        return switch (random.nextInt(7)) {
            case 0 -> text.substring(0, at) + nasty() + text.substring(at);
            case 1 -> text.substring(0, at) + text.substring(to);
            case 2 -> text.substring(0, at) + nasty() + text.substring(to);
            case 3 -> text.substring(0, at);
            case 4 -> replaced(lines, line, lines[line] + lines[random.nextInt(lines.length)]);
            case 5 -> replaced(lines, line, "  " + lines[line]);
            default -> text.replaceFirst("[0-9]+", Long.toString(random.nextLong() >> random.nextInt(64)));
        };
    }

    private static String replaced(String[] lines, int at, String line) {
        return String.join("", lines[at] == null ? lines : with(lines, at, line));
    }

    private static String[] with(String[] lines, int at, String line) {
        String[] changed = Arrays.copyOf(lines, lines.length);
        changed[at] = line;
        return changed;
    }

    private String nasty() {
        return NASTY.get(random.nextInt(NASTY.size()));
    }

    /** The sample that ships, as it is and with all it has, and a small one with what it has not. */
    private static List<String> seeds() throws IOException {
        String sample = Files.readString(Path.of("../waffle-dist/src/main/dist/conf/waffle.yaml"));
        String all = sample.replaceAll("(?m)^#(?! )", "").replaceAll("(?m)^#( {2,})", "$1");
        String small = """
                x: &a {weight: 2}
                backends:
                - {<<: *a, url: "http://app1:80"}
                - http://[::1]:81/p;weight=3
                load_balancing: {strategy: ip-hash, options: {ipv4-prefix: 24}}
                retry: {attempts: 2}
                """;
        return Stream.of(sample, all, small).toList();
    }
}
