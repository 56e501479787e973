// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import io.waffle.server.tls.TestAuthority;
import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of certificates as clients see it: whose is shown to whom, and what becomes of files that come, change, or are broken. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"openssl", "jsse"})
final class CertificatesByNameIT {

    private static final int MANY = 300;

    private final String provider;
    private final Path folder;
    private final TestCertificates certificates = TestCertificates.shared();

    CertificatesByNameIT(String provider, @TempDir Path folder) {
        this.provider = provider;
        this.folder = folder;
    }

    @Test
    @DisplayName(
            "M7 the very name first, then a wildcard of one label, then the default; of two keys the one the client can verify")
    void chosen() throws IOException {
        Issued fallback = pem("default", certificates.issue("secp256r1", "default.test"));
        Issued one = pem("one", certificates.issue("secp256r1", "one.test", "Other.One.test"));
        Issued wild = pem("wild", certificates.issue("secp256r1", "*.one.test"));
        Issued rsa = crt("both-rsa", certificates.issue("RSA", "both.test"));
        Issued ec = crt("both-ec", certificates.issue("secp256r1", "both.test"));
        Issued mounted = certificates.issue("secp256r1", "mounted.test");
        Files.createDirectories(folder.resolve("mounted"));
        mounted.write(folder.resolve("mounted"), "tls");
        Files.move(folder.resolve("mounted/tls.pem"), folder.resolve("mounted/tls.crt"));
        pem("late", certificates.issue(Instant.parse("2021-01-01T00:00:00Z"), "late.test"));
        Files.writeString(folder.resolve("broken.pem"), "no PEM at all");
        Files.writeString(folder.resolve("notes.txt"), "no certificate, and not meant as one");
        try (Site site = open()) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                assertEquals(one.leaf(), shown(site, version, "one.test"));
                assertEquals(one.leaf(), shown(site, version, "ONE.test"));
                assertEquals(one.leaf(), shown(site, version, "other.one.test"));
                assertEquals(wild.leaf(), shown(site, version, "any.one.test"));
                assertEquals(fallback.leaf(), shown(site, version, "two.labels.one.test"));
                assertEquals(fallback.leaf(), shown(site, version, "nobody.test"));
                assertEquals(fallback.leaf(), shown(site, version, null));
                assertEquals(mounted.leaf(), shown(site, version, "mounted.test"));
            }
            if (provider.equals("openssl")) { // Java's TLS ends a handshake over such a name
                assertEquals(one.leaf(), shown(site, "TLSv1.3", "one.test."));
            }
            assertEquals(rsa.leaf(), shownWith(site, "both.test", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
            assertEquals(ec.leaf(), shownWith(site, "both.test", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
            String log = site.waffle().output();
            assertTrue(log.contains("broken.pem: no certificate: no PEM block at all"), log);
            assertTrue(log.contains("late.pem: the certificate of late.test expired at 2021-01-01T00:00:00Z"), log);
            assertFalse(log.contains("notes.txt"), log);
            site.assertNoFaults();
        }
    }

    @Test
    @DisplayName("unknown names refused: an alert for them and for no name, and the others are served")
    void refused() throws IOException {
        Issued one = pem("one", certificates.issue("secp256r1", "one.test"));
        try (Site site = open("-tls-unknown-names", "refuse")) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                assertEquals(one.leaf(), shown(site, version, "one.test"));
                SSLException unknown = assertThrows(SSLException.class, () -> shown(site, version, "nobody.test"));
                assertTrue(unknown.toString().contains("unrecognized_name"), unknown::toString);
                assertThrows(SSLException.class, () -> shown(site, version, null));
            }
            site.assertNoFaults();
        }
    }

    @Test
    @DisplayName("M7 a file that comes, one that changes, one that goes: shown from the next look on; sessions go on")
    void watched() throws Exception {
        Issued first = pem("a", certificates.issue("secp256r1", "a.test"));
        Issued changing = pem("b", certificates.issue("secp256r1", "b.test"));
        try (Site site = open("-watch")) {
            SSLContext keeping = certificates.clientContext();
            assertEquals(changing.leaf(), shown(site, "TLSv1.3", "b.test"));
            long made = resumable(keeping, site);
            Issued changed = pem("b", certificates.issue("secp256r1", "b.test"));
            pem("c", certificates.issue("secp256r1", "c.test"));
            Wait.until("the new one of b.test is shown", () -> changed.leaf().equals(shownNow(site, "b.test")));
            Wait.until("the one of c.test is shown", () -> !first.leaf().equals(shownNow(site, "c.test")));
            assertEquals(made, resumable(keeping, site), "the session was made before");
            Files.delete(folder.resolve("c.pem"));
            Files.delete(folder.resolve("c.key"));
            Wait.until("the default in its place is shown", () -> first.leaf().equals(shownNow(site, "c.test")));
            site.waffle().awaitOutput(Pattern.compile("reloaded \\(a file has changed\\)"));
            site.assertNoFaults();
        }
    }

    @Test
    @DisplayName(
            "one changed file of hundreds: no other is read again, and one broken file is the only one that is not served")
    void changed() throws Exception {
        for (int i = 0; i < MANY; i++) {
            pem("n" + i, certificates.issue("secp256r1", "n" + i + ".test"));
        }
        try (Site site = open()) {
            replace(site, 7); // the code for it is read as well
            long before = read(site);
            Issued changed = replace(site, 8);
            long read = read(site) - before;
            assertTrue(read < size() / 4, read + " bytes of " + size());
            Files.writeString(folder.resolve("n9.pem"), "no PEM at all");
            site.waffle().signal("HUP").awaitOutput(Pattern.compile("n9\\.pem: no certificate"));
            assertEquals(changed.leaf(), shown(site, "TLSv1.3", "n8.test"));
            assertEquals(shown(site, "TLSv1.3", "nobody.test"), shown(site, "TLSv1.3", "n9.test"), "the default");
            for (int i = 10; i < MANY; i += 50) {
                assertEquals("CN=n" + i + ".test", subject(shown(site, "TLSv1.3", "n" + i + ".test")));
            }
            site.assertNoFaults();
        }
    }

    private Issued replace(Site site, int number) throws IOException {
        Issued next = pem("n" + number, certificates.issue("secp256r1", "n" + number + ".test"));
        site.waffle().signal("HUP");
        Wait.until("it is shown", () -> next.leaf().equals(shownNow(site, "n" + number + ".test")));
        return next;
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /** What the process has read of files and sockets so far. */
    private static long read(Site site) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(site.waffle().pid()), "io")).stream()
                .filter(line -> line.startsWith("rchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                .sum();
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    @DisplayName("nothing in it that can be used: an error that says why")
    void empty() throws IOException {
        Files.writeString(folder.resolve("only.pem"), "no PEM at all");
        WaffleProcess.Ended ended = WaffleProcess.run(
                "-listen=127.0.0.1:0",
                "-backends=http://127.0.0.1:1",
                "-tls-provider=" + provider,
                "-tls-certificates=" + folder);
        assertEquals(2, ended.code(), ended.output());
        assertTrue(
                ended.output()
                        .contains("-tls-certificates: " + folder + ": no certificate that can be used: "
                                + folder.resolve("only.pem") + ": no certificate"),
                ended.output());
    }

    /** When the session was made that this connection goes by. */
    private long resumable(SSLContext context, Site site) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", site.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            handshake(socket, "a.test");
            return socket.getSession().getCreationTime();
        }
    }

    private X509Certificate shown(Site site, String version, @Nullable String name) throws IOException {
        try (SSLSocket socket = connect(site)) {
            socket.setEnabledProtocols(new String[] {version});
            return handshake(socket, name);
        }
    }

    private X509Certificate shownNow(Site site, String name) {
        try {
            return shown(site, "TLSv1.3", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private X509Certificate shownWith(Site site, String name, String suite) throws IOException {
        try (SSLSocket socket = connect(site)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {suite});
            return handshake(socket, name);
        }
    }

    private SSLSocket connect(Site site) throws IOException {
        return (SSLSocket) certificates.clientContext().getSocketFactory().createSocket("127.0.0.1", site.port());
    }

    private static X509Certificate handshake(SSLSocket socket, @Nullable String name) throws IOException {
        socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
        if (name != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIServerName(0, name.getBytes(US_ASCII)) {}));
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n".getBytes(US_ASCII));
        assertEquals(200, new WireReader(socket.getInputStream()).head().status());
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private Issued pem(String name, Issued issued) throws IOException {
        issued.write(folder, name);
        return issued;
    }

    private Issued crt(String name, Issued issued) throws IOException {
        Files.writeString(
                folder.resolve(name + ".key"),
                TestAuthority.pem("PRIVATE KEY", issued.key().getEncoded()));
        Files.writeString(folder.resolve(name + ".crt"), TestAuthority.pem(issued.chain()));
        return issued;
    }

    private Site open(String... more) {
        String[] tls = {"-tls-provider", provider, "-tls-certificates", folder.toString()};
        return Site.open(1, Options.with(tls, more));
    }
}
