// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Behind {@code waffle-bench/names}: what many names of backends cost Waffle. */
public final class ManyNames {

    private static final String USAGE = """
            waffle-bench/names [--names 5000] [--delay MILLISECONDS] [--interval 30s] [--runs 3] [--warm 30] [--seconds 60] [--waffle FOLDER,...]
            """;

    private static final int MOST = 60_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Map<String, String> options;
    private final int names;
    private final Path folder;

    private ManyNames(Map<String, String> options, Path folder) {
        this.options = options;
        this.names = Math.clamp(number("--names", options), 1, MOST);
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>(Map.of(
                "--names",
                "5000",
                "--delay",
                "50",
                "--interval",
                "",
                "--runs",
                "3",
                "--warm",
                "30",
                "--seconds",
                "60"));
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || !(options.containsKey(args[i]) || args[i].equals("--waffle"))) {
                System.err.print("names: " + args[i] + " (expected: an option with its value)\n" + USAGE);
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        String[] homes = options.getOrDefault("--waffle", "").split(",", -1);
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            ManyNames measurement = new ManyNames(options, folder.path());
            System.out.println(measurement.names + " names, each answer takes " + options.get("--delay") + " ms\n");
            System.out.println(
                    "| | first question after, s | all known after, s | questions/s | CPU of a core | resident, MiB |\n|---|---:|---:|---:|---:|---:|");
            for (int run = 0; run < number("--runs", options); run++) {
                for (String home : homes) {
                    System.out.println(
                            "| " + (homes.length > 1 ? home : "") + " | " + measurement.measure(Path.of(home)) + " |");
                }
            }
        }
    }

    private static int number(String name, Map<String, String> options) {
        return Integer.parseInt(options.getOrDefault(name, ""));
    }

    private String measure(Path home) throws IOException, InterruptedException {
        int adminPort = Ports.free();
        try (var server = SlowNameServer.start(Duration.ofMillis(number("--delay", options)))) {
            List<String> command = command(home, server.port(), adminPort);
            long start = System.nanoTime();
            try (var waffle = ManagedProcess.start(command, Map.of(), Optional.of(folder.resolve("waffle.log")))) {
                double known = untilKnown(server, adminPort, waffle, start);
                Thread.sleep(Duration.ofSeconds(number("--warm", options)));
                long questions = server.questions();
                double cpu = CpuClock.micros(waffle);
                long from = System.nanoTime();
                Thread.sleep(Duration.ofSeconds(number("--seconds", options)));
                double used = CpuClock.micros(waffle) - cpu;
                double seconds = (System.nanoTime() - from) / 1e9;
                return "%.1f | %.1f | %.0f | %.2f | %.0f"
                        .formatted(
                                (server.begun() - start) / 1e9,
                                known,
                                (server.questions() - questions) / seconds,
                                used / seconds / 1e4,
                                CpuClock.mebibytes(waffle, "VmRSS"));
            }
        }
    }

    /** By what the name server has told, so that asking does not disturb; then the admin API has the word. */
    private double untilKnown(SlowNameServer server, int adminPort, ManagedProcess waffle, long start)
            throws IOException, InterruptedException {
        while (server.told() < names) {
            if (!waffle.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException(server.told() + " names were asked for: " + waffle.describe());
            }
            Thread.sleep(50);
        }
        Ports.await("127.0.0.1", adminPort, waffle);
        double asked = 0;
        int known = 0;
        while (known < names) {
            Thread.sleep(
                    1000); // what was told last has become members by then; to list thousands takes Waffle itself a
            // while
            if (!waffle.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException(known + " of " + names + " names are known: " + waffle.describe());
            }
            asked = (System.nanoTime() - start) / 1e9;
            known = known(adminPort);
        }
        return asked;
    }

    /** How many backends have addresses. */
    private static int known(int adminPort) {
        URI backends = URI.create("http://127.0.0.1:" + adminPort + "/api/backends");
        try (InputStream answer = backends.toURL().openStream()) {
            int known = 0;
            if (JSON.std.mapFrom(answer).get("backends") instanceof List<?> list) {
                for (Object each : list) {
                    known += each instanceof Map<?, ?> backend && backend.containsKey("addresses") ? 1 : 0;
                }
            }
            return known;
        } catch (IOException e) {
            return 0; // it takes too long for its own deadline, so soon after the start
        }
    }

    private List<String> command(Path home, int serverPort, int adminPort) throws IOException {
        StringBuilder yaml = new StringBuilder("backends:\n");
        for (int i = 0; i < names; i++) {
            yaml.append("  - url: http://n").append(i).append(".example:3000\n");
        }
        Path file = Files.writeString(folder.resolve("waffle.yaml"), yaml);
        List<String> command = new ArrayList<>(List.of(
                home + "/bin/waffle",
                "-config",
                file.toString(),
                "-listen",
                "127.0.0.1:" + Ports.free(),
                "-admin",
                "127.0.0.1:" + adminPort,
                "-dns-servers",
                "127.0.0.1:" + serverPort));
        if (!options.getOrDefault("--interval", "").isEmpty()) {
            command.addAll(List.of("-dns-interval", options.getOrDefault("--interval", "")));
        }
        return command;
    }
}
