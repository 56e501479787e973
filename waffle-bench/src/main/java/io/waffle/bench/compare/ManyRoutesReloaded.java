// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Behind {@code waffle-bench/reloads}: how long a reload takes of a file of many routes, each of which has changed. */
public final class ManyRoutesReloaded {

    private static final String USAGE = """
            waffle-bench/reloads [--routes 10000] [--pools 10] [--reloads 30] [--runs 3] [--waffle FOLDER,...]
            """;

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final int OK = 200;
    private static final int WARMING = 10;
    private static final int HOSTS = 100;

    private final Path folder;
    private final int routes;
    private final int pools;
    private final int reloads;

    private ManyRoutesReloaded(Path folder, int routes, int pools, int reloads) {
        this.folder = folder;
        this.routes = routes;
        this.pools = pools;
        this.reloads = reloads;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = options(args);
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            ManyRoutesReloaded measurement = new ManyRoutesReloaded(
                    folder.path(),
                    Integer.parseInt(options.getOrDefault("--routes", "")),
                    Integer.parseInt(options.getOrDefault("--pools", "")),
                    Integer.parseInt(options.getOrDefault("--reloads", "")));
            System.out.println(
                    "| | routes | pools | first, ms | least, ms | median, ms | most, ms | CPU, median, ms |\n"
                            + "|---|---:|---:|---:|---:|---:|---:|---:|");
            for (int run = 0; run < Integer.parseInt(options.getOrDefault("--runs", "")); run++) {
                for (String home : options.getOrDefault("--waffle", "").split(",", -1)) {
                    measurement.measure(Path.of(home));
                }
            }
        }
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>(
                Map.of("--routes", "10000", "--pools", "10", "--reloads", "30", "--runs", "3", "--waffle", ""));
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || !options.containsKey(args[i])) {
                System.err.print("reloads: " + args[i] + " (expected: an option with its value)\n" + USAGE);
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private void measure(Path home) throws IOException, InterruptedException {
        int port = Ports.free();
        int admin = Ports.free();
        Path token = folder.resolve("token");
        Files.writeString(token, TOKEN + "\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        Path file = write(0, port, admin);
        List<String> command = List.of(home + "/bin/waffle", "-config", file.toString());
        try (var waffle = ManagedProcess.start(command, Map.of(), Optional.of(folder.resolve("waffle.log")));
                HttpClient client = HttpClient.newHttpClient()) {
            Ports.await("127.0.0.1", admin, waffle);
            List<Double> millis = new ArrayList<>();
            List<Double> cpu = new ArrayList<>();
            double first = 0;
            for (int i = 1; i <= reloads; i++) {
                write(i, port, admin);
                double cpuBefore = CpuClock.micros(waffle);
                long start = System.nanoTime();
                reload(client, admin);
                double took = (System.nanoTime() - start) / 1e6;
                first = i == 1 ? took : first;
                if (i > WARMING) {
                    millis.add(took);
                    cpu.add((CpuClock.micros(waffle) - cpuBefore) / 1e3);
                }
            }
            System.out.printf(
                    "| %s | %d | %d | %.0f | %.0f | %.0f | %.0f | %.0f |%n",
                    home,
                    routes,
                    pools,
                    first,
                    millis.stream().mapToDouble(one -> one).min().orElse(0),
                    Statistics.median(millis),
                    millis.stream().mapToDouble(one -> one).max().orElse(0),
                    Statistics.median(cpu));
        }
    }

    private static void reload(HttpClient client, int admin) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/api/reload"))
                .header("Authorization", "Bearer " + TOKEN)
                .POST(BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != OK) {
            throw new IOException("status " + answer.statusCode() + ": " + answer.body());
        }
    }

    /** Of each time another path for each route. */
    private Path write(int time, int port, int admin) throws IOException {
        StringBuilder yaml = new StringBuilder();
        yaml.append("listen: 127.0.0.1:%d%nadmin: {listen: 127.0.0.1:%d, token_file: token}%nwatch: false%npools:%n"
                .formatted(port, admin));
        for (int i = 0; i < pools; i++) {
            yaml.append("  p%d: {backends: [http://127.0.0.1:%d]}%n".formatted(i, 1024 + i));
        }
        yaml.append("routes:\n");
        for (int i = 0; i < routes; i++) {
            yaml.append("  - {name: r%d, hosts: [h%d.example.org], path: /v%d/r%d, to: p%d}%n"
                    .formatted(i, i % HOSTS, time, i, i % pools));
        }
        return Files.writeString(folder.resolve("waffle.yaml"), yaml);
    }
}
