// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.loop.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration changes under traffic, which does not notice. */
final class ReloadIT {

    private static final String ASK =
            "GET /chat HTTP/1.1\r\nHost: waffle.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final List<String> STRATEGIES = List.of("round-robin", "ip-hash", "least-connections");
    private static final int RELOADS = 120;

    /**
     * In ms, from the beginning of one reload to that of the next. As fast as they are done is harder for each second; with
     * {@code -Dwaffle.reload.every=500} they are two a second, for a minute.
     */
    private static final long EVERY = Long.getLong("waffle.reload.every", 0);

    private static final int TUNNELS = 200;

    private final Path folder;

    ReloadIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName(
            "weights, members and strategy change 120 times under 64 clients and 200 WebSockets: no request fails, no WebSocket of a backend that stayed ends")
    void underLoad() throws Exception {
        Random random = new Random(11);
        List<ScriptedBackend> all = start(5);
        List<RawClient> tunnels = new ArrayList<>();
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(all.subList(0, 4), "round-robin", ""));
                Load load = new Load(waffle.port())) {
            for (int i = 0; i < TUNNELS; i++) {
                tunnels.add(tunnel(waffle.port()));
            }
            long start = System.nanoTime();
            for (int i = 0; i < RELOADS; i++) {
                LockSupport.parkNanos(start + TimeUnit.MILLISECONDS.toNanos(i * EVERY) - System.nanoTime());
                List<String> backends = new ArrayList<>();
                for (ScriptedBackend backend : all.subList(0, i % 2 == 0 ? 5 : 4)) {
                    backends.add("{url: " + backend.url() + ", weight: " + (1 + random.nextInt(9)) + "}");
                }
                String strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
                String said =
                        waffle.reload("load_balancing: {strategy: " + strategy + "}\nbackends: " + backends + "\n");
                assertTrue(said.contains("changed: backends"), said);
                load.awaitMore(100);
            }
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle.process()::output);
            for (RawClient tunnel : tunnels) {
                assertEquals("still there", tunnel.send("still there").readText(11));
            }
        } finally {
            tunnels.forEach(RawClient::close);
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("a reload that leaves members and strategy alone does not disturb the rotation")
    void rotationGoesOn() {
        List<ScriptedBackend> all = start(3);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(all, "round-robin", ""));
                RawClient client = RawClient.to(waffle.port())) {
            List<String> served = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String said = waffle.reload(yaml(all, "round-robin", "timeouts: {first_byte: " + (10 + i) + "s}\n"));
                assertTrue(said.endsWith("changed: timeouts"), said);
                served.add(client.exchangeGet("/").text());
            }
            for (int i = 3; i < served.size(); i++) {
                assertEquals(served.get(i - 3), served.get(i), served::toString);
            }
            assertEquals(3, served.stream().distinct().count());
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("shares under load are those of the weights, while one more backend comes and goes forty times")
    void shares() throws Exception {
        List<ScriptedBackend> all = start(4);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(all.subList(0, 3), "round-robin", ""));
                Load load = new Load(waffle.port())) {
            for (int i = 0; i < 40; i++) {
                waffle.reload(yaml(all.subList(0, i % 2 == 0 ? 4 : 3), "round-robin", ""));
                load.awaitMore(200);
            }
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle.process()::output);
            List<Integer> counts = all.subList(0, 3).stream()
                    .map(backend -> backend.taken().size())
                    .toList();
            double mean = counts.stream().mapToInt(count -> count).average().orElseThrow();
            counts.forEach(count -> assertEquals(mean, count, 0.05 * mean, counts::toString));
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("what is ejected stays so through a reload of everything else")
    void ejectionsStay() {
        List<ScriptedBackend> all = start(3);
        AtomicInteger atIt = new AtomicInteger();
        all.getFirst().on(request -> {
            atIt.incrementAndGet();
            request.connection().answer(500, "ill");
        });
        String hour = "ejection: {time: 1h, max_time: 1h}\n";
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(all, "round-robin", hour));
                RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 15; i++) {
                client.exchangeGet("/");
            }
            waffle.process().awaitOutput(Pattern.compile("is ejected for 3600000 ms"));
            int before = atIt.get();
            waffle.reload(yaml(all.reversed(), "least-connections", hour + "timeouts: {first_byte: 5s}\n"));
            for (int i = 0; i < 30; i++) {
                assertEquals(200, client.exchangeGet("/").status());
            }
            assertEquals(before, atIt.get());
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("a reload that is wrong says why, each line with its place, and changes nothing")
    void wrong() {
        List<ScriptedBackend> all = start(1);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(all, "round-robin", ""));
                RawClient client = RawClient.to(waffle.port())) {
            for (String wrong : List.of(
                    "load_balancing: {strategy: nope}\nbackends: ["
                            + all.getFirst().url() + "]\n",
                    "backends: [ftp://x]\nlimits: {fields: many}\n",
                    "backends: [\n",
                    "")) {
                assertTrue(waffle.reload(wrong).endsWith("nothing was changed"));
                assertEquals(200, client.exchangeGet("/").status());
            }
            String output = waffle.process().output();
            assertTrue(output.contains("strategy: nope (expected: one of"), output);
            assertTrue(output.contains("waffle.yaml:1: backends[0]: ftp://x (expected:"), output);
            assertTrue(output.contains("waffle.yaml:2: limits.fields: many (expected:"), output);
            assertTrue(output.contains(": not YAML"), output);
            String said = waffle.reload(yaml(all, "round-robin", ""));
            assertTrue(said.endsWith("no setting has changed"), said);
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("what cannot change while it runs is said to take effect at the next start")
    void fixed() {
        List<ScriptedBackend> all = start(1);
        try (ConfiguredWaffle waffle =
                        ConfiguredWaffle.start(folder, yaml(all, "round-robin", "limits: {connections: 100}\n"));
                RawClient client = RawClient.to(waffle.port())) {
            waffle.reload(yaml(all, "round-robin", "limits: {connections: 200}\n"));
            waffle.process()
                    .awaitOutput(
                            Pattern.compile("limits.connections has changed, which takes effect at the next start"));
            assertEquals(200, client.exchangeGet("/").status());
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName(
            "limits, deadlines and the log's level hold from the next request on, also of a client that was there before")
    void everythingElse() {
        List<ScriptedBackend> all = start(1);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(all, "round-robin", ""));
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(200, client.exchangeGet("/").status());
            waffle.reload(yaml(
                    all,
                    "round-robin",
                    "limits: {fields: 10}\ntimeouts: {first_byte: 200ms}\nlogging: {level: debug}\n"
                            + "access_log: {file: " + folder.resolve("access.log") + ", format: '{status}'}\n"));
            all.getFirst().on(request -> request.connection().awaitEnd());
            assertEquals(504, client.exchangeGet("/").status());
            String fields = "X-Field: 1\r\n".repeat(12);
            assertEquals(
                    431,
                    client.exchange("GET / HTTP/1.1\r\nHost: waffle.test\r\n" + fields + "\r\n")
                            .status());
            waffle.process().awaitOutput(Pattern.compile("DEBUG.*waffle|DEBUG"));
            waffle.reload(yaml(all, "round-robin", ""));
            assertTrue(Eventually.holds(() -> lines("access.log").equals(List.of("504", "431"))));
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jsse"})
    @DisplayName(
            "a new certificate is shown to new clients; connections that are open stay; a wrong one changes nothing")
    void certificates(String provider) throws IOException {
        TestCertificates certificates = TestCertificates.shared();
        show(certificates.rsa());
        String tls = "tls: {cert_file: server.pem, key_file: server.key, provider: " + provider + "}\n";
        List<ScriptedBackend> all = start(1);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(all, "round-robin", tls));
                RawClient old = RawClient.overTls(waffle.port(), certificates.clientContext())) {
            assertEquals(certificates.rsa().leaf(), shown(old));
            show(certificates.ec());
            waffle.hangUp();
            try (RawClient fresh = RawClient.overTls(waffle.port(), certificates.clientContext())) {
                assertEquals(certificates.ec().leaf(), shown(fresh));
                assertEquals(200, fresh.exchangeGet("/").status());
            }
            assertEquals(200, old.exchangeGet("/").status());
            Files.writeString(folder.resolve("server.key"), "nonsense");
            assertTrue(waffle.hangUp().endsWith("nothing was changed"));
            try (RawClient fresh = RawClient.overTls(waffle.port(), certificates.clientContext())) {
                assertEquals(certificates.ec().leaf(), shown(fresh));
            }
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName(
            "500 clients that are kept by a cookie with five backends stay there through reloads of everything else, without a key file too")
    void sticky() {
        List<ScriptedBackend> all = start(6);
        List<ScriptedBackend> five = all.subList(0, 5);
        try (ConfiguredWaffle waffle =
                        ConfiguredWaffle.start(folder, yaml(five, "round-robin", "sticky: {cookie: w}\n"));
                RawClient client = RawClient.to(waffle.port())) {
            List<Browser> browsers = Stream.generate(Browser::new).limit(500).toList();
            List<String> homes = visit(browsers, client);
            assertEquals(5, homes.stream().distinct().count());
            for (String strategy : STRATEGIES) {
                waffle.reload(yaml(five.reversed(), strategy, "sticky: {cookie: w}\nlimits: {fields: 50}\n"));
                assertEquals(homes, visit(browsers, client));
            }
            waffle.reload(yaml(all, "round-robin", "sticky: {cookie: w}\n"));
            assertEquals(homes, visit(browsers, client), "one more backend makes no difference");
            browsers.forEach(browser -> assertEquals(1, browser.cookies()));
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    /** Each a request of the same connection; returns who served. */
    private static List<String> visit(List<Browser> browsers, RawClient client) {
        return browsers.stream()
                .map(browser -> browser.take(client.exchange(browser.request())))
                .toList();
    }

    @Test
    @DisplayName("the admin API reloads, too, and undoes what it has changed")
    void byAdmin() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN);
        List<ScriptedBackend> all = start(2);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(
                        folder,
                        yaml(all, "round-robin", ""),
                        "-admin",
                        "127.0.0.1:0",
                        "-admin-token-file",
                        token.toString());
                RawClient client = RawClient.to(waffle.port())) {
            AdminClient admin = AdminClient.of(waffle.process());
            admin.change("DELETE", AdminClient.path(all.get(0)), "");
            assertEquals("1", client.exchangeGet("/").text());
            assertEquals("1", client.exchangeGet("/").text());
            waffle.write("nonsense: 1\n");
            Response refused = admin.send("POST", "/api/reload", "");
            assertEquals(422, refused.status());
            assertTrue(refused.text().contains("nonsense: unknown key"), refused::text);
            waffle.write(yaml(all, "ip-hash", ""));
            admin.change("POST", "/api/reload", "");
            assertEquals(2, admin.get("/api/backends").getJsonArray("backends").size());
            assertEquals(
                    "ip-hash",
                    admin.get("/api/pools")
                            .getJsonArray("pools")
                            .getJsonObject(0)
                            .getString("strategy"));
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("with watch, a file that has changed is read anew, and one that is wrong is said once")
    void watch() {
        List<ScriptedBackend> all = start(2);
        try (ConfiguredWaffle waffle =
                        ConfiguredWaffle.start(folder, yaml(all.subList(0, 1), "round-robin", "watch: true\n"));
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals("0", client.exchangeGet("/").text());
            waffle.write(yaml(all.subList(1, 2), "round-robin", "watch: true\n"));
            assertEquals("reloaded (a file has changed): changed: backends", waffle.awaitReload());
            assertEquals("1", client.exchangeGet("/").text());
            waffle.write("nonsense");
            assertEquals("reload (a file has changed): nothing was changed", waffle.awaitReload());
            waffle.write(yaml(all, "round-robin", ""));
            waffle.awaitReload();
            assertEquals(
                    1,
                    Pattern.compile("nothing was changed")
                            .matcher(waffle.process().output())
                            .results()
                            .count());
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName(
            "checks that are switched on take a sick backend out; switched off, they have nothing against it any more")
    void checks() {
        List<ScriptedBackend> all = start(2);
        all.get(0).on(request -> request.connection()
                .answer(request.head().target().equals("/well") ? 503 : 200, "0"));
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(all, "round-robin", ""));
                RawClient client = RawClient.to(waffle.port())) {
            waffle.reload(yaml(all, "round-robin", "health_checking: {path: /well, interval: 50ms, fall: 1}\n"));
            waffle.process().awaitOutput(Pattern.compile("is down"));
            for (int i = 0; i < 10; i++) {
                assertEquals("1", client.exchangeGet("/").text());
            }
            waffle.reload(yaml(all, "round-robin", ""));
            List<String> served = Stream.generate(() -> client.exchangeGet("/").text())
                    .limit(4)
                    .sorted()
                    .toList();
            assertEquals(List.of("0", "0", "1", "1"), served);
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    private void show(Issued issued) {
        try {
            Path fresh = Files.createDirectories(folder.resolve("fresh"));
            issued.write(fresh, "server");
            for (String file : List.of("server.pem", "server.key")) {
                Files.move(fresh.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509Certificate shown(RawClient client) throws IOException {
        return (X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(folder.resolve(file));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static RawClient tunnel(int port) {
        RawClient client = RawClient.to(port).send(ASK);
        assertEquals(101, client.readHead().status());
        return client;
    }

    private static String yaml(List<ScriptedBackend> backends, String strategy, String more) {
        return "load_balancing: {strategy: " + strategy + "}\nbackends: "
                + backends.stream().map(ScriptedBackend::url).collect(Collectors.joining(", ", "[", "]\n")) + more;
    }

    /** Each answers with its number, or echoes what comes through a tunnel. */
    private static List<ScriptedBackend> start(int count) {
        List<ScriptedBackend> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = Integer.toString(i);
            all.add(ScriptedBackend.start().on(request -> {
                if (request.head().has("Upgrade")) {
                    echo(request.connection());
                } else {
                    request.readBody();
                    request.connection().answer(200, name);
                }
            }));
        }
        return all;
    }

    private static void echo(BackendConnection connection) throws IOException {
        connection.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        for (int b = connection.reader().read(); b >= 0; b = connection.reader().read()) {
            connection.write(new byte[] {(byte) b});
        }
    }
}
