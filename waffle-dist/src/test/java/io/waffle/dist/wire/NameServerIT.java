// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends given by names, and the name servers that are asked for them. */
final class NameServerIT {

    private final Path folder;

    NameServerIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName(
            "while a name server does not answer, those whose backend is an address wait for nothing: no look-up is on a loop")
    void silent() throws Exception {
        int wellOnes = 4;
        CountDownLatch answered = new CountDownLatch(wellOnes);
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                ScriptedBackend well = ScriptedBackend.start();
                WaffleProcess waffle = WaffleProcess.start(
                        Map.of("WAFFLE_JAVA_OPTS", "-XX:ActiveProcessorCount=1"),
                        "-backends",
                        "http://app1:" + well.port() + "," + well.url(),
                        "-dns-servers",
                        "127.0.0.1:" + silent.getLocalPort(),
                        "-timeout-connect",
                        "10m")) {
            well.on(request -> request.connection().answer(200, "well"));
            for (int i = 0; i < 2 * wellOnes; i++) { // round robin: each second one waits for the name
                Thread.ofVirtual().start(() -> {
                    try (RawClient client = RawClient.to(waffle.port())) {
                        if (client.exchangeGet("/").status() == 200) {
                            answered.countDown();
                        }
                    }
                });
            }
            Wait.until(answered);
        }
    }

    @Test
    @DisplayName(
            "with dnsmasq: traffic follows a name, a long answer comes over TCP, and a name that ends in a digit is one")
    void dnsmasq() throws Exception {
        assumeTrue(
                Dnsmasq.isThere(), "dnsmasq is not installed (build/install-test-tools): look-ups at it are skipped");
        List<ScriptedBackend> backends = HostsFile.answering("127.0.0.2", "127.0.0.3", "127.0.0.4");
        String many = Stream.iterate(1, i -> i + 1)
                .limit(200)
                .map(i -> "10.0.0." + i + " many1\n")
                .reduce("", String::concat);
        try (Dnsmasq server = Dnsmasq.start(folder, "127.0.0.2 app1\n127.0.0.3 app1\n" + many)) {
            int port = backends.getFirst().port();
            try (WaffleProcess waffle = WaffleProcess.start(
                            "-backends",
                            "http://app1:" + port,
                            "-dns-servers",
                            server.address(),
                            "-dns-interval",
                            "50ms",
                            "-dns-grace",
                            "100ms");
                    RawClient client = RawClient.to(waffle.port())) {
                assertTrue(
                        Eventually.holds(() -> HostsFile.served(client).equals("127.0.0.2 127.0.0.3")), waffle::output);
                server.serve("127.0.0.3 app1\n127.0.0.4 app1\n" + many);
                assertTrue(
                        Eventually.holds(() -> HostsFile.served(client).equals("127.0.0.3 127.0.0.4")), waffle::output);
            }
            try (WaffleProcess waffle = WaffleProcess.start(
                    "-backends", "http://many1:" + port, "-dns-servers", server.address(), "-admin", "127.0.0.1:0")) {
                AdminClient admin = AdminClient.of(waffle);
                assertTrue(Eventually.holds(() -> admin.get("/api/backends/many1:" + port)
                                .getJsonArray("addresses")
                                .size()
                        == 200));
            }
        } finally {
            backends.forEach(ScriptedBackend::close);
        }
    }

    /** The name server of Debian, with a hosts file of the test's own. */
    private static final class Dnsmasq implements AutoCloseable {

        private static final Path PROGRAM = Path.of("/usr/sbin/dnsmasq");
        private static final int MOST_TRIES = 20;

        /** An address of its own: no connection of anybody else has one of its ports. */
        private static final String ADDRESS = "127.0.53.1";

        private final Path hosts;
        private final Path log;
        private final Process process;
        private final int port;

        private Dnsmasq(Path folder, int port) throws IOException {
            this.port = port;
            log = folder.resolve("dnsmasq.log");
            hosts = folder.resolve("names");
            process = new ProcessBuilder(new ArrayList<>(List.of(
                            PROGRAM.toString(),
                            "--keep-in-foreground",
                            "--conf-file=/dev/null",
                            "--pid-file=",
                            "--user=" + System.getProperty("user.name"),
                            "--no-resolv",
                            "--no-hosts",
                            "--addn-hosts=" + hosts,
                            "--bind-interfaces",
                            "--listen-address=" + ADDRESS,
                            "--port=" + port)))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        }

        static boolean isThere() {
            return Files.isExecutable(PROGRAM);
        }

        /** Returns when it answers: before that, a signal would end it. */
        static Dnsmasq start(Path folder, String lines) throws IOException {
            Files.writeString(folder.resolve("names"), lines);
            for (int tries = 1; ; tries++) {
                Dnsmasq started = new Dnsmasq(folder, freePort());
                if (Eventually.holds(() -> started.listens() || !started.process.isAlive()) && started.listens()) {
                    return started;
                }
                started.close();
                if (tries == MOST_TRIES) {
                    throw new IOException("dnsmasq does not start: " + Files.readString(started.log));
                }
            }
        }

        private static int freePort() throws IOException {
            try (DatagramSocket free = new DatagramSocket(0, InetAddress.ofLiteral(ADDRESS))) {
                return free.getLocalPort();
            }
        }

        private boolean listens() {
            try (Socket socket = new Socket(InetAddress.ofLiteral(ADDRESS), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }

        /** As {@code -dns-servers} takes it. */
        String address() {
            return ADDRESS + ":" + port;
        }

        /** From now on, or soon: it reads the file again at a signal. */
        void serve(String lines) throws Exception {
            Files.writeString(hosts, lines);
            Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start();
            assertEquals(0, kill.waitFor());
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
