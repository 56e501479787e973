// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import io.waffle.server.tls.TestAuthority;
import io.waffle.server.tls.TestAuthority.Issued;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Backends with {@code https} URLs: who they are is verified, and a request is not sent to anybody else. */
final class TlsBackendIT {
    private static final String POST = "POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 5\r\n\r\nhello";

    private static final Instant BEFORE = Instant.parse("2021-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2049-01-01T00:00:00Z");

    private final Path folder;

    TlsBackendIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("a backend whose certificate is from the authority in -backend-tls-ca-file is served from")
    void verified() {
        try (Site site = Site.over(
                List.of(backend(TestCertificates.shared().rsa())), Map.of(), "-backend-tls-ca-file", root())) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, site.exchange(POST).status());
                BackendRequest request = site.backend().next();
                assertEquals("hello", request.body().text());
                assertEquals("http", request.head().value("X-Forwarded-Proto").orElseThrow());
            }
            assertFalse(site.waffle().output().contains("verif"), site.waffle()::output);
        }
    }

    @Test
    @DisplayName(
            "a backend given by address is asked for -backend-tls-server-name, and has to be that, for checks, too")
    void serverName() throws GeneralSecurityException {
        Issued internal = TestCertificates.shared().issue(LATER, "app.internal");
        String[] flags = {
            "-backend-tls-ca-file", root(), "-backend-tls-server-name", "App.Internal", "-health-check-path", "/well"
        };
        try (Site site = Site.over(List.of(backend(internal)), Map.of(), flags)) {
            assertEquals("/well", site.backend().next().head().target());
            assertEquals(200, site.get("/").status());
            assertFalse(site.waffle().output().contains("WARN"), site.waffle()::output);
        }
        try (Site site = Site.over(List.of(backend(TestCertificates.shared().ec())), Map.of(), flags)) {
            assertEquals(502, site.get("/").status());
        }
    }

    @Test
    @DisplayName("a backend that wants a certificate is shown -backend-tls-cert-file, by checks, too")
    void ownCertificate() throws Exception {
        TestCertificates certificates = TestCertificates.shared();
        ScriptedBackend strict = ScriptedBackend.startTls(certificates.clientContext(certificates.ec()), true);
        Path own = certificates.issue("secp256r1", "waffle").write(folder, "own");
        String[] flags = {
            "-backend-tls-ca-file",
            root(),
            "-backend-tls-cert-file",
            own.toString(),
            "-backend-tls-key-file",
            folder.resolve("own.key").toString(),
            "-health-check-path",
            "/well"
        };
        try (Site site = Site.over(List.of(strict), Map.of(), flags)) {
            assertEquals("/well", site.backend().next().head().target());
            assertEquals(200, site.get("/").status());
        }
        try (Site site = Site.over(
                List.of(ScriptedBackend.startTls(certificates.clientContext(certificates.ec()), true)),
                Map.of(),
                "-backend-tls-ca-file",
                root())) {
            assertEquals(502, site.get("/").status());
        }
    }

    static Stream<Arguments> strangers() throws GeneralSecurityException {
        TestCertificates certificates = TestCertificates.shared();
        TestAuthority stranger = TestAuthority.root("Stranger", "secp256r1");
        return Stream.of(
                Arguments.of("a wrong name", certificates.issue(LATER, "elsewhere.test")),
                Arguments.of("an expired certificate", certificates.issue(BEFORE, "127.0.0.1")),
                Arguments.of("an unknown authority", stranger.issue("secp256r1", "127.0.0.1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    @DisplayName(
            "who shows a certificate that does not hold gets no request; the client gets a 502, the log the reason")
    void refused(String fault, Issued issued) {
        try (Site site = Site.over(List.of(backend(issued)), Map.of(), "-backend-tls-ca-file", root())) {
            assertEquals(502, site.get("/").status());
            assertEquals(502, site.exchange(POST).status());
            site.waffle().awaitOutput(Pattern.compile("WARN.*:" + site.backend().port() + ".*certificate"));
            assertEquals(List.of(), site.backend().taken(), fault);
        }
    }

    @Test
    @DisplayName("without -backend-tls-ca-file the authorities of the system are trusted, and not just any")
    void systemAuthorities() {
        try (Site site = Site.over(List.of(backend(TestCertificates.shared().rsa())), Map.of())) {
            assertEquals(502, site.get("/").status());
            assertEquals(List.of(), site.backend().taken());
        }
    }

    @Test
    @DisplayName("-backend-tls-verify=false takes any certificate, and a warning says so")
    void unverified() throws GeneralSecurityException {
        TestAuthority stranger = TestAuthority.root("Stranger", "secp256r1");
        List<ScriptedBackend> backends = List.of(backend(stranger.issue("RSA", "elsewhere.test")));
        try (Site site = Site.over(backends, Map.of(), "-backend-tls-verify=false")) {
            site.waffle().awaitOutput(Pattern.compile("(?i)warn.*verif"));
            assertEquals(200, site.exchange(POST).status());
            assertEquals("hello", site.backend().next().body().text());
        }
    }

    @Test
    @DisplayName("a backend that does not speak TLS: 502")
    void notTls() {
        ScriptedBackend plain = ScriptedBackend.start();
        String url = plain.url().replace("http:", "https:");
        try (plain;
                var waffle = WaffleProcess.start("-backends", url, "-backend-tls-ca-file", root());
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(502, client.exchangeGet("/").status());
            assertTrue(plain.taken().isEmpty());
        }
    }

    private static ScriptedBackend backend(Issued issued) {
        return ScriptedBackend.startTls(TestCertificates.serverContext(issued));
    }

    private String root() {
        return TestCertificates.write(
                        folder, "root.pem", TestCertificates.shared().rootPem())
                .toString();
    }
}
