// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.waffle.server.tls.TestAuthority;
import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of clients: who is let in, and what backends are told (RFC 9440). */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"openssl", "jsse"})
final class ClientCertificatesIT {

    private static final Instant LATER = Instant.parse("2049-01-01T00:00:00Z");

    private final String provider;
    private final Path folder;
    private final TestCertificates certificates = TestCertificates.shared();
    private final String ca;

    ClientCertificatesIT(String provider, @TempDir Path folder) throws IOException {
        this.provider = provider;
        this.folder = folder;
        certificates.ec().write(folder, "server");
        ca = TestCertificates.write(folder, "ca.pem", certificates.rootPem()).toString();
    }

    @Test
    @DisplayName(
            "required: nobody without, with a stranger's, with a revoked one, not even by a session; a list that changes counts at once")
    void required() throws Exception {
        Issued good = certificates.issue(LATER, "good");
        Issued revoked = certificates.issue(LATER, "revoked");
        Issued expired = certificates.issue(Instant.parse("2021-01-01T00:00:00Z"), "expired");
        Issued stranger = TestAuthority.root("Stranger", "secp256r1").issue("secp256r1", "good");
        Path crl = TestCertificates.write(folder, "crl.pem", certificates.crlPem(LATER, revoked.leaf()));
        String[] more = {"-tls-client-certificates-crl-file", crl.toString(), "-tls-client-certificates-forward"};
        try (Site site = open("required", more)) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                SSLContext kept = certificates.clientContext(good);
                assertEquals(200, status(site, version, kept));
                assertEquals(
                        List.of(bytes(good.leaf())),
                        site.backend().next().head().values("Client-Cert"));
                assertEquals(200, status(site, version, kept), "resumed");
                assertEquals(
                        List.of(bytes(good.leaf())),
                        site.backend().next().head().values("Client-Cert"));
                assertThrows(IOException.class, () -> status(site, version, certificates.clientContext()));
                assertThrows(IOException.class, () -> status(site, version, certificates.clientContext(stranger)));
                assertThrows(IOException.class, () -> status(site, version, certificates.clientContext(revoked)));
                assertThrows(IOException.class, () -> status(site, version, certificates.clientContext(expired)));
            }
            assertEquals(List.of(), site.backend().taken().stream().skip(4).toList());
            SSLContext kept = certificates.clientContext(good);
            assertEquals(200, status(site, "TLSv1.3", kept));
            Files.writeString(crl, certificates.crlPem(LATER, revoked.leaf(), good.leaf()));
            site.waffle().signal("HUP").awaitOutput(Pattern.compile("reloaded \\(SIGHUP\\)"));
            assertThrows(IOException.class, () -> status(site, "TLSv1.3", kept), "not by a session of before");
            site.assertNoFaults();
        }
    }

    @Test
    @DisplayName(
            "optional: who shows none is served, without the fields, whatever it claims; a chain is forwarded, too")
    void optional() throws Exception {
        Issued chained = certificates.issue("secp256r1", "chained");
        Issued expired = certificates.issue(Instant.parse("2021-01-01T00:00:00Z"), "expired");
        String[] more = {"-tls-client-certificates-forward", "-trusted-proxies", "127.0.0.1"};
        try (Site site = open("optional", more)) {
            assertEquals(200, status(site, "TLSv1.3", certificates.clientContext()));
            Head seen = site.backend().next().head();
            assertEquals(List.of(), seen.values("Client-Cert"));
            assertEquals(List.of(), seen.values("Client-Cert-Chain"));
            assertEquals(List.of("yes"), seen.values("X-SSL-Client-Verify"), "of a trusted peer");
            assertEquals(200, status(site, "TLSv1.3", certificates.clientContext(chained)));
            seen = site.backend().next().head();
            assertEquals(List.of(bytes(chained.leaf())), seen.values("Client-Cert"));
            assertEquals(
                    List.of(chained.chain().stream()
                            .skip(1)
                            .map(ClientCertificatesIT::bytes)
                            .collect(Collectors.joining(", "))),
                    seen.values("Client-Cert-Chain"));
            assertThrows(IOException.class, () -> status(site, "TLSv1.3", certificates.clientContext(expired)));
            site.assertNoFaults();
        }
    }

    private static String bytes(X509Certificate certificate) {
        try {
            return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of an answer to a request with claims of its own. */
    private static int status(Site site, String version, SSLContext context) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", site.port())) {
            socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
            socket.setEnabledProtocols(new String[] {version});
            String request = String.join(
                    "\r\n",
                    "GET / HTTP/1.1",
                    "Host: waffle.test",
                    "Client-Cert: :Zm9v:",
                    "client-cert-chain: :Zm9v:",
                    "X-SSL-Client-Verify: yes",
                    "",
                    "");
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            WireReader reader = new WireReader(socket.getInputStream());
            Head head = reader.head();
            reader.exactly(Integer.parseInt(
                    head.value("Content-Length").orElseThrow())); // who leaves in the middle keeps no session
            return head.status();
        }
    }

    private Site open(String mode, String... more) {
        String[] tls = {
            "-tls-provider",
            provider,
            "-tls-cert",
            folder.resolve("server.pem").toString(),
            "-tls-key",
            folder.resolve("server.key").toString(),
            "-tls-client-certificates-mode",
            mode,
            "-tls-client-certificates-ca-file",
            ca
        };
        return Site.open(1, Options.with(tls, more));
    }
}
