// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret of session tickets: instances that share it resume each other's sessions; what becomes of one that is of no use. */
final class TicketSecretIT {

    private final Path folder;
    private final TestCertificates certificates = TestCertificates.shared();

    TicketSecretIT(@TempDir Path folder) {
        this.folder = folder;
        TestCertificates.write(folder, "ticket.key", "a secret that is thirty-two bytes long, or more");
    }

    @Test
    @DisplayName("a secret that is too short is refused, and Java's TLS says that it cannot")
    void limits() throws IOException {
        Path short16 = TestCertificates.write(folder, "short.key", "sixteen bytes ok");
        Issued one = certificates.issue("secp256r1", "waffle.test");
        one.write(folder, "one");
        WaffleProcess.Ended ended = WaffleProcess.run(
                "-listen=127.0.0.1:0",
                "-backends=http://127.0.0.1:1",
                "-tls-cert=" + folder.resolve("one.pem"),
                "-tls-key=" + folder.resolve("one.key"),
                "-tls-ticket-key-file=" + short16);
        assertEquals(2, ended.code(), ended.output());
        assertTrue(
                ended.output()
                        .contains("-tls-ticket-key-file: " + short16
                                + " (expected: a file with a secret of 32 to 4096 bytes; it has 16 bytes)"),
                ended.output());
        try (Site site = open("one", one, "ticket.key", "-tls-provider", "jsse")) {
            site.waffle().awaitOutput(Pattern.compile("tls\\.ticket_key_file: without effect, since Java's TLS"));
            try (NamedClient client =
                    new NamedClient(site.port(), certificates.clientContext(), "TLSv1.3", "waffle.test")) {
                assertEquals(200, client.get("waffle.test"));
            }
        }
    }

    @Test
    @DisplayName(
            "two processes with one secret resume each other's sessions, and so does one that was started anew; another secret, or another policy, is another matter")
    void shared() throws IOException {
        Issued one = certificates.issue("secp256r1", "waffle.test");
        Issued two = certificates.issue("secp256r1", "waffle.test");
        TestCertificates.write(folder, "other.key", "another secret that is thirty-two bytes long, or more");
        String ca =
                TestCertificates.write(folder, "ca.pem", certificates.rootPem()).toString();
        Map<String, Long> sessions = new LinkedHashMap<>();
        try (Site first = open("one", one, "ticket.key");
                Site second = open("two", two, "ticket.key")) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                long session = session(first, version);
                assertTrue(resumes(first, version, session));
                assertTrue(resumes(second, version, session));
                assertTrue(resumes(first, version, session(second, version)));
                sessions.put(version, session);
            }
        }
        String[] asking = {"-tls-client-certificates-mode", "optional", "-tls-client-certificates-ca-file", ca};
        try (Site again = open("two", two, "ticket.key");
                Site other = open("one", one, "other.key");
                Site asks = open("one", one, "ticket.key", asking)) {
            sessions.forEach((version, session) -> {
                assertTrue(resumes(again, version, session));
                assertFalse(resumes(other, version, session));
                assertFalse(resumes(asks, version, session));
            });
        }
    }

    private static long session(Site site, String version) throws IOException {
        try (OpenSslClient client = new OpenSslClient(site.port(), version, "waffle.test", 0)) {
            assertEquals(200, client.get("waffle.test"));
            return client.session();
        }
    }

    private static boolean resumes(Site site, String version, long session) {
        try (OpenSslClient client = new OpenSslClient(site.port(), version, "waffle.test", session)) {
            assertEquals(200, client.get("waffle.test"));
            return client.resumed();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Site open(String name, Issued issued, String secret, String... more) throws IOException {
        String[] tls = {
            "-tls-cert",
            issued.write(folder, name).toString(),
            "-tls-key",
            folder.resolve(name + ".key").toString(),
            "-tls-ticket-key-file",
            folder.resolve(secret).toString()
        };
        return Site.open(1, Options.with(tls, more));
    }
}
