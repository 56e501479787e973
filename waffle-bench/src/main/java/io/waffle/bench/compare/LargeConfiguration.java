// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Behind {@code waffle-bench/backends}: what a file of many backends costs Waffle at its start, beside a file of one. */
public final class LargeConfiguration {

    private static final String USAGE = """
            waffle-bench/backends [--backends 100000] [--runs 3] [--heap 256m] [--waffle FOLDER,...]
            """;

    private static final int OK = 200;

    private final Path folder;
    private final int backendPort;
    private final String heap;

    private LargeConfiguration(Path folder, int backendPort, String heap) {
        this.folder = folder;
        this.backendPort = backendPort;
        this.heap = heap;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = options(args);
        int backends = Integer.parseInt(options.getOrDefault("--backends", ""));
        int runs = Integer.parseInt(options.getOrDefault("--runs", ""));
        HttpServer backend = backend();
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            LargeConfiguration measurement = new LargeConfiguration(
                    folder.path(), backend.getAddress().getPort(), options.getOrDefault("--heap", ""));
            System.out.println(
                    "| | backends | file, KiB | check, s | CPU of it, s | first answer after, s | CPU by then, s | resident, MiB |\n"
                            + "|---|---:|---:|---:|---:|---:|---:|---:|");
            for (int run = 0; run < runs; run++) {
                for (String home : options.getOrDefault("--waffle", "").split(",", -1)) {
                    measurement.measure(Path.of(home), 1);
                    measurement.measure(Path.of(home), backends);
                }
            }
        } finally {
            backend.stop(0);
        }
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options =
                new HashMap<>(Map.of("--backends", "100000", "--runs", "3", "--heap", "256m", "--waffle", ""));
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || !options.containsKey(args[i])) {
                System.err.print("backends: " + args[i] + " (expected: an option with its value)\n" + USAGE);
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private static HttpServer backend() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(OK, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void measure(Path home, int backends) throws IOException, InterruptedException {
        Path file = write(backends);
        int port = Ports.free();
        List<String> command =
                List.of(home + "/bin/waffle", "-config", file.toString(), "-listen", "127.0.0.1:" + port);
        String checked = check(home, file);
        long start = System.nanoTime();
        try (var waffle = start(command)) {
            awaitAnswer(port, waffle);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "| %s | %d | %d | %s | %.2f | %.2f | %.0f |%n",
                    home,
                    backends,
                    Files.size(file) / 1024,
                    checked,
                    seconds,
                    CpuClock.micros(waffle) / 1e6,
                    CpuClock.mebibytes(waffle, "VmRSS"));
        }
    }

    /** How long it takes to say that the file is right, and the CPU time of that, as far as it is seen before it ends. */
    private String check(Path home, Path file) throws IOException, InterruptedException {
        long start = System.nanoTime();
        double cpu = 0;
        try (var check = start(List.of(home + "/bin/waffle", "-check", "-config", file.toString()))) {
            while (check.isAlive()) {
                cpu = Math.max(cpu, CpuClock.micros(check) / 1e6);
                Thread.sleep(5);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (check.await() != 0) {
                throw new IOException(check.describe());
            }
            return "%.2f | %.2f".formatted(seconds, cpu);
        }
    }

    private ManagedProcess start(List<String> command) throws IOException {
        return ManagedProcess.start(
                command, Map.of("WAFFLE_JAVA_OPTS", "-Xmx" + heap), Optional.of(folder.resolve("waffle.log")));
    }

    private static void awaitAnswer(int port, ManagedProcess waffle) throws IOException, InterruptedException {
        Ports.await("127.0.0.1", port, waffle);
        HttpURLConnection client = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
        if (client.getResponseCode() != OK) {
            throw new IOException("status " + client.getResponseCode() + ": " + waffle.describe());
        }
    }

    /** Each a path of the same server, with a weight and some labels, as what has so many is made by a program. */
    private Path write(int backends) throws IOException {
        StringBuilder yaml = new StringBuilder("backends:\n");
        for (int i = 0; i < backends; i++) {
            yaml.append("- {url: 'http://127.0.0.1:")
                    .append(backendPort)
                    .append("/tenant/")
                    .append(i);
            yaml.append("', weight: 100, labels: {zone: zone-")
                    .append(i)
                    .append(", rack: rack-")
                    .append(i);
            yaml.append(", tier: a}}\n");
        }
        return Files.writeString(folder.resolve("waffle.yaml"), yaml);
    }
}
