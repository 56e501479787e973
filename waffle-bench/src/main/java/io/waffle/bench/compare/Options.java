// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The command line. */
record Options(
        Map<String, Path> waffles,
        Map<String, Path> tools,
        Optional<Pattern> rows,
        Optional<Set<String>> peers,
        int turns,
        int seconds,
        boolean smoke,
        Optional<Path> json,
        boolean writeDocs) {

    /** What a minute is enough for: each program that takes part, and each way to measure. */
    private static final Pattern SMOKE_ROWS =
            Pattern.compile("floor|upload-1m-8|open-5000|tls-64k-16|tls-handshake|start|allocation");

    private static final Set<String> SMOKE_PEERS = Set.of("nginx", "haproxy", "undertow", "floor");

    static final String USAGE = """
            waffle-bench/compare [--rows REGEX] [--peers NAME,...] [--turns 5] [--seconds 5] [--waffle [LABEL=]FOLDER]...
                                 [--nginx PATH] [--haproxy PATH] [--caddy PATH] [--wrk PATH] [--json FILE] [--write-docs] [--smoke]
              --rows REGEX         only the rows whose whole id matches, say 'small-.*|churn-32'; 'help' lists them
              --peers NAME,...     of nginx, haproxy, caddy, undertow, floor, waffle-jdk-scheduler, waffle-bare; default: all that are installed
              --waffle FOLDER      an unpacked distribution; with labels, several are compared: --waffle old=/a --waffle new=/b
              --json FILE          where the raw figures go, added to those of other rows there
              --write-docs         writes docs/benchmarks.md, its plots and its raw figures, from all rows measured so far
              --smoke              a minute that only shows that everything works
            """;

    private static final Set<String> TOOLS = Set.of("nginx", "haproxy", "caddy", "wrk");

    /** What is wrong with the command line is said by the exception's message. */
    static Options parse(List<String> arguments) {
        Map<String, Path> waffles = new LinkedHashMap<>();
        Map<String, Path> tools = new HashMap<>();
        Map<String, String> values = new HashMap<>();
        List<String> rest = new ArrayList<>(arguments);
        while (!rest.isEmpty()) {
            String flag = rest.removeFirst();
            String name = flag.startsWith("--") ? flag.substring(2) : "";
            switch (name) {
                case "smoke", "write-docs" -> values.put(name, "true");
                case "rows", "peers", "turns", "seconds", "json" -> values.put(name, value(flag, rest));
                case "nginx", "haproxy", "caddy", "wrk" -> tools.put(name, executable(flag, value(flag, rest)));
                case "waffle" -> addWaffle(value(flag, rest), waffles);
                default -> throw new IllegalArgumentException(flag + ": unknown (expected: one of those below)");
            }
        }
        for (String tool : TOOLS) {
            Commands.find(tool).ifPresent(path -> tools.putIfAbsent(tool, path));
        }
        boolean smoke = values.containsKey("smoke");
        return new Options(
                waffles,
                tools,
                Optional.ofNullable(values.get("rows"))
                        .map(Options::regex)
                        .or(() -> smoke ? Optional.of(SMOKE_ROWS) : Optional.empty()),
                Optional.ofNullable(values.get("peers"))
                        .map(names -> Set.of(names.split(",")))
                        .or(() -> smoke ? Optional.of(SMOKE_PEERS) : Optional.empty()),
                number("turns", values, smoke ? 1 : 5),
                number("seconds", values, smoke ? 2 : 5),
                smoke,
                Optional.ofNullable(values.get("json")).map(Path::of),
                values.containsKey("write-docs"));
    }

    /** A command line that measures the same, without what is particular to this machine. */
    String command() {
        return "waffle-bench/compare --turns " + turns + " --seconds " + seconds + " --write-docs";
    }

    boolean wants(String peer) {
        return peers.isEmpty() || peers.get().contains(peer);
    }

    boolean wants(Workload workload) {
        return rows.map(pattern -> pattern.matcher(workload.id()).matches()).orElse(!workload.onlyIfAsked());
    }

    private static String value(String flag, List<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(flag + ": no value");
        }
        return rest.removeFirst();
    }

    private static Path executable(String flag, String value) {
        if (!Files.isExecutable(Path.of(value))) {
            throw new IllegalArgumentException(flag + ": " + value + " (expected: a program)");
        }
        return Path.of(value).toAbsolutePath();
    }

    private static void addWaffle(String value, Map<String, Path> waffles) {
        int equals = value.indexOf('=');
        String label = equals < 0 ? Waffle.NAME : value.substring(0, equals);
        Path home = Path.of(value.substring(equals + 1)).toAbsolutePath().normalize();
        if (!Files.isExecutable(home.resolve("bin/waffle"))) {
            throw new IllegalArgumentException("--waffle: " + home + " (expected: an unpacked distribution)");
        }
        if (waffles.put(label, home) != null) {
            throw new IllegalArgumentException("--waffle: " + label + " twice (expected: a label each, label=FOLDER)");
        }
    }

    private static Pattern regex(String value) {
        try {
            return Pattern.compile(value);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("--rows: " + e.getMessage(), e);
        }
    }

    private static int number(String name, Map<String, String> values, int otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException("--" + name + ": " + value + " (expected: 1 to 9999)");
        }
        return Integer.parseInt(value);
    }
}
