// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Behind {@code waffle-bench/memory}: what one client costs Waffle in each state it may stay in for long. */
public final class MemoryPerClient {

    private static final String USAGE = """
            waffle-bench/memory [--clients 4000] [--states idle,byte,socket,events,deaf] [--wires plain,openssl,jsse] [--waffle FOLDER]
            """;

    private static final int WARM = 200;
    private static final int MOST = 8_000; // a tunnel takes two descriptors in Waffle

    private final Path home;
    private final int clients;
    private final Path folder;
    private final Certificate certificate;

    private MemoryPerClient(Path home, int clients, Path folder) throws IOException, InterruptedException {
        this.home = home;
        this.clients = clients;
        this.folder = folder;
        this.certificate = Certificate.create(folder);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>(Map.of(
                "--clients", "4000", "--states", "idle,byte,socket,events,deaf", "--wires", "plain,openssl,jsse"));
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || !(options.containsKey(args[i]) || args[i].equals("--waffle"))) {
                System.err.print("memory: " + args[i] + " (expected: an option with its value)\n" + USAGE);
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        int clients = Math.clamp(Integer.parseInt(option("--clients", options)), 1, MOST);
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            var memory = new MemoryPerClient(Path.of(option("--waffle", options)), clients, folder.path());
            System.out.println("KiB per client of " + clients + "\n");
            System.out.println(
                    "| state | wire | resident | live heap | beside the heap | taken of limits.memory |\n|---|---|---:|---:|---:|---:|");
            for (String wire : option("--wires", options).split(",", -1)) {
                for (String state : option("--states", options).split(",", -1)) {
                    System.out.println("| " + state + " | " + wire + " | " + memory.measure(state, wire) + " |");
                }
            }
        }
    }

    private static String option(String name, Map<String, String> options) {
        return Objects.requireNonNull(options.get(name), () -> name + ": missing\n" + USAGE);
    }

    private String measure(String state, String wire) throws IOException, InterruptedException {
        int port = Ports.free();
        int backendPort = Ports.free();
        int adminPort = Ports.free();
        try (var backend = held("QuietBackend", List.of("--address", "127.0.0.1:" + backendPort));
                var waffle = ManagedProcess.start(
                        command(port, backendPort, adminPort, wire),
                        Map.of(),
                        Optional.of(folder.resolve("waffle.log")))) {
            Ports.await("127.0.0.1", port, waffle);
            Ports.await("127.0.0.1", adminPort, waffle);
            clients(WARM, state, wire, port).close();
            double takenBefore = taken(adminPort);
            ResidentMemory before = ResidentMemory.of(waffle);
            try (var held = clients(clients, state, wire, port)) {
                Thread.sleep(1000); // what was sent last has come to rest
                ResidentMemory after = ResidentMemory.of(waffle);
                if (!held.isAlive() || !backend.isAlive()) {
                    throw new IOException(held.describe());
                }
                return "%.1f | %.1f | %.1f | %.1f"
                        .formatted(
                                (after.resident() - before.resident()) / clients,
                                (after.liveHeap() - before.liveHeap()) / clients,
                                (after.besideHeap() - before.besideHeap()) / clients,
                                (taken(adminPort) - takenBefore) / clients);
            }
        }
    }

    private List<String> command(int port, int backendPort, int adminPort, String wire) {
        List<String> command = new ArrayList<>(List.of(
                home + "/bin/waffle",
                "-listen",
                "127.0.0.1:" + port,
                "-backends",
                "http://127.0.0.1:" + backendPort,
                "-admin",
                "127.0.0.1:" + adminPort,
                "-timeout-keep-alive",
                "300s",
                "-timeout-request-head",
                "300s",
                "-limit-min-head-rate",
                "0",
                "-limit-connections",
                "12000"));
        if (!wire.equals("plain")) {
            command.addAll(List.of(
                    "-tls-cert", certificate.chain().toString(),
                    "-tls-key", certificate.key().toString(),
                    "-tls-provider", wire));
        }
        return command;
    }

    /** What Waffle itself says that traffic takes, in KiB. */
    private static double taken(int adminPort) throws IOException {
        URI memory = URI.create("http://127.0.0.1:" + adminPort + "/api/memory");
        try (InputStream answer = memory.toURL().openStream()) {
            return LoadProgram.number(JSON.std.mapFrom(answer), "taken") / 1024;
        }
    }

    private ManagedProcess clients(int many, String state, String wire, int port) throws IOException {
        String scheme = wire.equals("plain") ? "http" : "https";
        return held(
                "HeldClients",
                List.of(
                        "--url",
                        scheme + "://127.0.0.1:" + port + "/",
                        "--state",
                        state,
                        "--connections",
                        Integer.toString(many),
                        "--insecure"));
    }

    private static ManagedProcess held(String program, List<String> arguments) throws IOException {
        return LoadProgram.held(
                program, List.of("-XX:+UseSerialGC", "-Xmx512m", "-XX:MaxDirectMemorySize=1g"), arguments);
    }
}
