// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the JVM's ahead-of-time cache: classes parsed, linked and laid out as the next start will find them.
 *
 * <p>The distribution itself is started by its own launcher, forwards a few requests to a small backend, and stops; the JVM records what it
 * loaded. The cache is then made in a second step, again through the launcher: only so is the module path in it the one of every later start.
 */
final class AotCache {
    private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+:\\d+)");
    private static final int REQUESTS = 50;

    /** Names in the scratch folder, where the launcher is run: WAFFLE_JAVA_OPTS is split at blanks, so no path can be in it. */
    private static final String RECORDING = "waffle.aotconf";

    private static final String CACHE = "waffle.aot";

    /** What so few requests tell of the code is not worth replaying: it costs each start 50 ms, and the compiler learns more from real ones. */
    private static final String NO_PROFILES = "-XX:-AOTRecordTraining";

    private static final String DIAGNOSTIC = "-XX:+UnlockDiagnosticVMOptions";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final Path scratch;

    AotCache(Path home, Path scratch) {
        this.home = home;
        this.scratch = scratch;
    }

    void build() throws IOException, InterruptedException {
        FileTrees.delete(scratch);
        Files.createDirectories(scratch);
        record();
        create();
        Files.move(scratch.resolve(CACHE), home.resolve("runtime/lib/waffle.aot"));
    }

    private void record() throws IOException, InterruptedException {
        HttpServer backend = backend();
        Process waffle = null;
        try {
            String url = "http://127.0.0.1:" + backend.getAddress().getPort();
            Path config = Files.writeString(
                    scratch.resolve("training.yaml"),
                    "backends:\n  - " + url + "\nload_balancing:\n  strategy: round-robin\n");
            waffle = launch(
                    List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + RECORDING, DIAGNOSTIC, NO_PROFILES),
                    "record",
                    List.of("-listen", "127.0.0.1:0", "-backends", url, "-config", config.toString()));
            request(awaitListening(waffle));
            waffle.destroy();
            awaitEnd(waffle, "record");
        } finally {
            backend.stop(0);
            if (waffle != null) {
                waffle.destroyForcibly();
            }
        }
    }

    private void create() throws IOException, InterruptedException {
        List<String> flags =
                List.of("-XX:AOTMode=create", "-XX:AOTConfiguration=" + RECORDING, "-XX:AOTCache=" + CACHE);
        awaitEnd(launch(flags, "create", List.of()), "create");
        if (!Files.exists(scratch.resolve(CACHE))) {
            throw new IOException(scratch.resolve(CACHE) + ": not made; the JVM said\n" + output("create"));
        }
    }

    private static HttpServer backend() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            // 0 means a body of unknown length, sent in chunks.
            exchange.sendResponseHeaders(200, exchange.getRequestMethod().equals("POST") ? 0 : 2);
            try (var body = exchange.getResponseBody()) {
                body.write(new byte[] {'o', 'k'});
            }
        });
        server.start();
        return server;
    }

    private Process launch(List<String> flags, String step, List<String> arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/waffle").toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(outputFile(step).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("WAFFLE_"));
        builder.environment().put("WAFFLE_JAVA_OPTS", String.join(" ", flags));
        return builder.start();
    }

    private static void request(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < REQUESTS; i++) {
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/"));
                if (i % 2 == 1) {
                    request.POST(BodyPublishers.ofString("training"));
                }
                client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
            }
        }
    }

    private String awaitListening(Process waffle) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; Thread.sleep(20)) {
            Matcher listening = LISTENING.matcher(output("record"));
            if (listening.find()) {
                return listening.group(1);
            }
            if (!waffle.isAlive()) {
                break;
            }
        }
        throw new IOException("the AOT cache: Waffle does not listen; it said\n" + output("record"));
    }

    private void awaitEnd(Process process, String step) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the AOT cache: step " + step + " does not end; it said\n" + output(step));
        }
    }

    private String output(String step) throws IOException {
        return Files.readString(outputFile(step));
    }

    private Path outputFile(String step) {
        return scratch.resolve(step + ".log");
    }
}
