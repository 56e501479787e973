// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reload cannot hurt, whatever a plugin or a file does. */
final class UnhurtReloadIT {

    /** Tells of each of its strategies in a file; with {@code validate} it needs none to judge options. */
    private static final String TELLER = """
            package teller;
            import io.waffle.api.*;
            import java.nio.file.*;
            public final class Provider implements StrategyProvider {
                public String name() { return "teller"; }
                public Strategy create(StrategyContext context) {
                    Path log = Path.of(context.options().text("log", ""));
                    String v = context.options().text("v", "1");
                    tell(log, "create " + v);
                    return new Strategy() {
                        public Picker picker(java.util.List<Backend> all) { return request -> all.get(0); }
                        public void close() { tell(log, "close " + v); throw new AssertionError("close"); }
                    };
                }
                private static void tell(Path log, String what) {
                    try { Files.writeString(log, what + ";", StandardOpenOption.CREATE, StandardOpenOption.APPEND); }
                    catch (java.io.IOException e) { throw new RuntimeException(e); }
                }
            }
            """;

    /** Is not made within this test, nor does it heed an interrupt. */
    private static final String HANGS = """
            package hangs;
            import io.waffle.api.*;
            public final class Provider implements StrategyProvider {
                public String name() { return "hangs"; }
                public Strategy create(StrategyContext context) {
                    System.err.println("it hangs");
                    while (true) {
                        try { Thread.sleep(3_600_000); } catch (InterruptedException e) { /* whoever wants it to end waits */ }
                    }
                }
            }
            """;

    private static final int SIGHUP = 1;
    private static final int SIGUSR1 = 10;

    private final Path folder;

    UnhurtReloadIT(@TempDir Path folder) {
        this.folder = folder;
    }

    private final ScriptedBackend backend = ScriptedBackend.start();

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    @DisplayName("a strategy is made once for its options, and one whose close throws costs nothing")
    void strategyIsMadeOnce() throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        TestPlugin.compile(folder, "teller", TELLER).packInto(plugins);
        Path log = folder.resolve("told");
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, teller(log, 1), "-plugins", plugins.toString())) {
            assertEquals("create 1;", Files.readString(log));
            waffle.reload(teller(log, 1) + "retry: {attempts: 4}\n");
            assertEquals("create 1;", Files.readString(log));
            assertTrue(waffle.reload(teller(log, 2)).startsWith("reloaded"));
            assertEquals("create 1;create 2;close 1;", Files.readString(log));
            waffle.reload(teller(log, 3) + "retry: {attempts: none}\n");
            assertTrue(waffle.reload(teller(log, 2)).startsWith("reloaded"), "it goes on");
        }
    }

    @Test
    @DisplayName(
            "a refused configuration is tried again when a file it names is mended; ten thousand backends are no matter")
    void filesThatWereTriedAreWatched() throws Exception {
        String watched = ConfiguredWaffle.yaml(List.of(backend), "round-robin", "watch: true\n");
        Path ca = Files.writeString(folder.resolve("ca.pem"), "not yet");
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, watched)) {
            waffle.write(watched + "backend_tls: {ca_file: ca.pem}\n");
            assertTrue(waffle.awaitReload().endsWith("nothing was changed"));
            Files.writeString(ca, TestCertificates.shared().rootPem());
            assertTrue(waffle.awaitReload().startsWith("reloaded"));
            StringBuilder many = new StringBuilder("watch: true\nbackends:\n");
            for (int i = 0; i < 10_000; i++) {
                many.append("- http://10.9.")
                        .append(i / 250)
                        .append('.')
                        .append(i % 250)
                        .append(":80\n");
            }
            waffle.write(many.toString());
            assertTrue(waffle.awaitReload().startsWith("reloaded"));
            waffle.write(watched);
            assertTrue(waffle.awaitReload().startsWith("reloaded"));
        }
    }

    @Test
    @DisplayName("a SIGHUP at any moment of the start ends nothing")
    void earlySignals() throws Exception {
        try (WaffleProcess waffle = WaffleProcess.launch(
                WaffleProcess.launcher(), Map.of(), List.of("-listen", "127.0.0.1:0", "-backends", backend.url()))) {
            assertTrue(Eventually.holds(() -> waffle.survives(SIGHUP) && waffle.survives(SIGUSR1)));
            while (waffle.countInOutput("listening on") == 0) {
                waffle.signal("HUP");
                waffle.signal("USR1");
                Thread.sleep(2);
            }
            waffle.awaitOutput(Pattern.compile("reloaded \\(SIGHUP\\)"));
            assertEquals(0, waffle.terminate());
        }
    }

    @Test
    @DisplayName("a stop waits neither for look-ups that hang, nor for a reload under way that hangs in a plugin")
    void stopWaitsForNobody() throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        TestPlugin.compile(folder, "hangs", HANGS).packInto(plugins);
        String checked = "health_checking: {kind: tcp, interval: 10ms, timeout: 10m}\ntimeouts: {connect: 10m}\n";
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String yaml = "backends: [" + backend.url() + ", 'http://app1:1']\n" + checked
                    + "dns: {interval: 0s, servers: ['127.0.0.1:" + silent.getLocalPort()
                    + "']}\nadmin: {listen: '127.0.0.1:0'}\n";
            Path file = Files.writeString(folder.resolve("waffle.yaml"), yaml);
            try (WaffleProcess waffle =
                    WaffleProcess.start("-config", file.toString(), "-plugins", plugins.toString())) {
                Files.writeString(file, yaml + "load_balancing: {strategy: hangs}\n");
                waffle.signal("HUP");
                waffle.awaitOutput(Pattern.compile("it hangs"));
                waffle.signal("TERM");
                var ended = waffle.awaitEnd();
                assertEquals(0, ended.code(), ended::output);
                assertTrue(ended.output().contains("INFO waffle: stopped"), ended::output);
            }
        }
    }

    private String teller(Path log, int v) {
        return "backends: [" + backend.url() + "]\nload_balancing: {strategy: teller, options: {log: " + log + ", v: "
                + v + "}}\n";
    }
}
