// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that fail, while they are loaded and while they pick. */
final class PluginFaultsIT {

    private static final int CLIENTS = 32;
    private static final int REQUESTS = 100;

    private final Path temp;
    private final Path folder;

    PluginFaultsIT(@TempDir Path temp) throws IOException {
        this.temp = temp;
        this.folder = Files.createDirectory(temp.resolve("plugins"));
    }

    @Test
    @DisplayName("a picker that throws, returns null or a stranger on 1 of 10 picks fails no request")
    void faultyPicker() throws Exception {
        jar("faulty", "", """
                int n = count.getAndIncrement();
                if (n % 10 != 9) { return backends.get(n % backends.size()); }
                if (n % 30 == 9) { throw new IllegalStateException("on purpose"); }
                return n % 30 == 19 ? null : new Stranger();""");
        try (Site site = Site.open(3, "-plugins", folder.toString(), "-lb-strategy", "faulty");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> served(site)));
            }
            for (Future<Integer> client : clients) {
                assertEquals(REQUESTS, client.get());
            }
            assertTrue(site.waffle().output().contains("faulty"), site.waffle()::output);
        }
    }

    @Test
    @DisplayName("a provider whose constructor throws: exit 2, with jar and reason")
    void constructorThrows() throws IOException {
        jar("angry", "throw new IllegalStateException(\"on purpose\");", "return backends.get(0);");
        refused("angry", "angry.jar", "on purpose");
    }

    @Test
    @DisplayName("a jar that lacks a class: exit 2, with jar and class")
    void missingClass() throws IOException {
        plugin("hollow", "hollow", "new Stranger();", "return backends.get(0);")
                .without("Stranger")
                .packInto(folder);
        refused("hollow", "hollow.jar", "Stranger");
    }

    @Test
    @DisplayName("two jars with one name: exit 2, with both; not configured, it is no error")
    void oneNameTwice() throws IOException {
        Path first = jar("twin", "", "return backends.get(0);");
        plugin("other", "twin", "", "return backends.get(0);").packInto(folder);
        refused("twin", first.getFileName().toString(), "other.jar");
        WaffleProcess.Ended check =
                WaffleProcess.run("-check", "-plugins", folder.toString(), "-backends", "http://127.0.0.1:9");
        assertEquals(0, check.code(), check.output());
    }

    @Test
    @DisplayName("a name nobody has: exit 2, with the names there are")
    void unknownName() throws IOException {
        jar("present", "", "return backends.get(0);");
        refused("presemt", "present", "round-robin", "ip-hash", "least-connections");
    }

    private void refused(String strategy, String... words) {
        WaffleProcess.Ended ended = WaffleProcess.run(
                "-listen",
                "127.0.0.1:0",
                "-backends",
                "http://127.0.0.1:9",
                "-plugins",
                folder.toString(),
                "-lb-strategy",
                strategy);
        assertEquals(2, ended.code(), ended.output());
        for (String word : words) {
            assertTrue(ended.output().contains(word), () -> word + " in: " + ended.output());
        }
    }

    private static int served(Site site) {
        int served = 0;
        try (RawClient client = site.client()) {
            for (int i = 0; i < REQUESTS; i++) {
                served += client.exchangeGet("/").status() == 200 ? 1 : 0;
            }
        }
        return served;
    }

    private Path jar(String name, String construct, String pick) throws IOException {
        return plugin(name, name, construct, pick).packInto(folder);
    }

    private TestPlugin plugin(String module, String name, String construct, String pick) throws IOException {
        return TestPlugin.compile(temp, module, """
                package %s;
                import io.waffle.api.*;
                import java.net.URI;
                import java.util.*;
                import java.util.concurrent.atomic.AtomicInteger;
                public final class Provider implements StrategyProvider {
                    public Provider() { %s }
                    public String name() { return "%s"; }
                    public Strategy create(StrategyContext context) {
                        AtomicInteger count = new AtomicInteger();
                        return new Strategy() {
                            public Picker picker(List<Backend> backends) { return request -> { %s }; }
                        };
                    }
                }
                class Stranger implements Backend {
                    public String id() { return "stranger"; }
                    public URI uri() { return URI.create("http://stranger"); }
                    public int weight() { return 1; }
                    public int inFlight() { return 0; }
                    public Map<String, String> labels() { return Map.of(); }
                }
                """.formatted(module, construct, name, pick));
    }
}
