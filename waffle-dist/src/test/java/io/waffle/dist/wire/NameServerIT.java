// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waffle.dist.WaffleProcess;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
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
        try (Dnsmasq server = new Dnsmasq(folder)) {
            server.serve("127.0.0.2 app1\n127.0.0.3 app1\n" + many);
            int port = backends.getFirst().port();
            try (WaffleProcess waffle = WaffleProcess.start(
                            "-backends",
                            "http://app1:" + port,
                            "-dns-servers",
                            "127.0.0.1:" + server.port(),
                            "-dns-interval",
                            "50ms",
                            "-dns-grace",
                            "100ms");
                    RawClient client = RawClient.to(waffle.port())) {
                assertTrue(Eventually.holds(() -> HostsFile.served(client).equals("127.0.0.2 127.0.0.3")));
                server.serve("127.0.0.3 app1\n127.0.0.4 app1\n" + many);
                assertTrue(
                        Eventually.holds(() -> HostsFile.served(client).equals("127.0.0.3 127.0.0.4")), waffle::output);
            }
            try (WaffleProcess waffle = WaffleProcess.start(
                    "-backends",
                    "http://many1:" + port,
                    "-dns-servers",
                    "127.0.0.1:" + server.port(),
                    "-admin",
                    "127.0.0.1:0")) {
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

        private final Path hosts;
        private final Process process;
        private final int port;

        Dnsmasq(Path folder) throws IOException {
            hosts = Files.writeString(folder.resolve("names"), "");
            try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
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
                            "--listen-address=127.0.0.1",
                            "--port=" + port)))
                    .redirectErrorStream(true)
                    .redirectOutput(new File(folder.toFile(), "dnsmasq.log"))
                    .start();
        }

        static boolean isThere() {
            return Files.isExecutable(PROGRAM);
        }

        int port() {
            return port;
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
        }
    }
}
