// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that begins with one certificate, and by a reload has many, or asks for others by name. */
final class NamesLaterIT {

    private static final String IGNORED = "tls.provider jsse: names of certificates are heeded from the next start on";

    private final Path folder;
    private final TestCertificates certificates = TestCertificates.shared();
    private final Issued one;
    private final Issued named;

    @AutoClose
    private final ScriptedBackend backend = ScriptedBackend.start();

    NamesLaterIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        one = certificates.ec();
        one.write(folder, "server");
        named = certificates.issue("secp256r1", "named.test");
        named.write(Files.createDirectory(folder.resolve("certs")), "named");
        TestCertificates.write(folder, "ca.pem", certificates.rootPem());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jsse"})
    @DisplayName("names are heeded from the reload on, as long as Java's TLS has not begun without")
    void heeded(String provider) throws IOException {
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(provider, ""))) {
            if (provider.equals("openssl")) {
                assertEquals(one.leaf(), shown(waffle, "named.test"));
            }
            waffle.reload(
                    yaml(
                            provider,
                            ", certificates: certs, names: {named.test: {client_certificates: {mode: optional, ca_file: ca.pem}}}"));
            assertEquals(named.leaf(), shown(waffle, "named.test"));
            assertEquals(one.leaf(), shown(waffle, "other.test"));
            assertFalse(waffle.process().output().contains("heeded from the next start on"));
        }
    }

    @Test
    @DisplayName(
            "once it has, the log says what is not heeded before the next start, which is served by the default, and what is asked of others by none")
    void told() throws IOException {
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml("jsse", ""))) {
            assertEquals(one.leaf(), shown(waffle, "named.test"));
            waffle.reload(yaml("jsse", ", certificates: certs"));
            waffle.process().awaitOutput(Pattern.compile(Pattern.quote(IGNORED)));
            assertEquals(one.leaf(), shown(waffle, "named.test"));
            waffle.reload(
                    yaml("jsse", ", names: {admin.test: {client_certificates: {mode: required, ca_file: ca.pem}}}"));
            waffle.process().awaitOutput(Pattern.compile("tls\\.names: heeded from the next start on"));
            try (NamedClient client =
                    new NamedClient(waffle.port(), certificates.clientContext(), "TLSv1.3", "admin.test")) {
                assertEquals(421, client.get("admin.test"), "closed, not open");
            }
        }
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml("jsse", ", certificates: certs"))) {
            assertEquals(named.leaf(), shown(waffle, "named.test"));
        }
    }

    private X509Certificate shown(ConfiguredWaffle waffle, String name) throws IOException {
        try (NamedClient client = new NamedClient(waffle.port(), certificates.clientContext(), "TLSv1.3", name)) {
            assertEquals(200, client.get(name));
            return client.shown();
        }
    }

    private String yaml(String provider, String more) {
        return "backends: [" + backend.url() + "]\ntls: {provider: " + provider
                + ", cert_file: server.pem, key_file: server.key" + more + "}\n";
    }
}
