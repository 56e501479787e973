// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reload changes, what it says, and what asks for one. */
final class ReloadIT {

    private final Path folder;

    ReloadIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("a reload that is wrong says why, each line with its place, and changes nothing")
    void wrong() {
        List<ScriptedBackend> all = NumberedBackends.start(1);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, ConfiguredWaffle.yaml(all, "round-robin", ""));
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
            String said = waffle.reload(ConfiguredWaffle.yaml(all, "round-robin", ""));
            assertTrue(said.endsWith("no setting has changed"), said);
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("what cannot change while it runs is said to take effect at the next start")
    void fixed() {
        List<ScriptedBackend> all = NumberedBackends.start(1);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(
                        folder, ConfiguredWaffle.yaml(all, "round-robin", "limits: {connections: 100}\n"));
                RawClient client = RawClient.to(waffle.port())) {
            waffle.reload(ConfiguredWaffle.yaml(all, "round-robin", "limits: {connections: 200}\n"));
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
        List<ScriptedBackend> all = NumberedBackends.start(1);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, ConfiguredWaffle.yaml(all, "round-robin", ""));
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(200, client.exchangeGet("/").status());
            waffle.reload(ConfiguredWaffle.yaml(
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
            waffle.reload(ConfiguredWaffle.yaml(all, "round-robin", ""));
            assertTrue(Eventually.holds(() -> lines("access.log").equals(List.of("504", "431"))));
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName(
            "checks that are switched on take a sick backend out; switched off, they have nothing against it any more")
    void checks() {
        List<ScriptedBackend> all = NumberedBackends.start(2);
        all.get(0).on(request -> request.connection()
                .answer(request.head().target().equals("/well") ? 503 : 200, "0"));
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, ConfiguredWaffle.yaml(all, "round-robin", ""));
                RawClient client = RawClient.to(waffle.port())) {
            waffle.reload(ConfiguredWaffle.yaml(
                    all, "round-robin", "health_checking: {path: /well, interval: 50ms, fall: 1}\n"));
            waffle.process().awaitOutput(Pattern.compile("is down"));
            for (int i = 0; i < 10; i++) {
                assertEquals("1", client.exchangeGet("/").text());
            }
            waffle.reload(ConfiguredWaffle.yaml(all, "round-robin", ""));
            List<String> served = Stream.generate(() -> client.exchangeGet("/").text())
                    .limit(4)
                    .sorted()
                    .toList();
            assertEquals(List.of("0", "0", "1", "1"), served);
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
        List<ScriptedBackend> all = NumberedBackends.start(1);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, ConfiguredWaffle.yaml(all, "round-robin", tls));
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
    @DisplayName("the admin API reloads, too, and undoes what it has changed")
    void byAdmin() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN);
        List<ScriptedBackend> all = NumberedBackends.start(2);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(
                        folder,
                        ConfiguredWaffle.yaml(all, "round-robin", ""),
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
            waffle.write(ConfiguredWaffle.yaml(all, "ip-hash", ""));
            admin.change("POST", "/api/reload", "");
            assertEquals(
                    1,
                    admin.get("/api/backends").getJsonArray("backends").size(),
                    "no backend was touched, so what was removed stays away");
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
        List<ScriptedBackend> all = NumberedBackends.start(2);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(
                        folder, ConfiguredWaffle.yaml(all.subList(0, 1), "round-robin", "watch: true\n"));
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals("0", client.exchangeGet("/").text());
            waffle.write(ConfiguredWaffle.yaml(all.subList(1, 2), "round-robin", "watch: true\n"));
            assertEquals("reloaded (a file has changed): changed: backends", waffle.awaitReload());
            assertEquals("1", client.exchangeGet("/").text());
            waffle.write("nonsense");
            assertEquals("reload (a file has changed): nothing was changed", waffle.awaitReload());
            waffle.write(ConfiguredWaffle.yaml(all, "round-robin", ""));
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
}
