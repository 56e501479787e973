// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose TLS a listener speaks, what the log says about it, and what becomes of an OpenSSL that cannot be used. */
final class TlsProviderIT {
    private static final long LARGE = 4 << 20;

    private final String certificate;
    private final String key;

    TlsProviderIT(@TempDir Path folder) throws IOException {
        certificate = TestCertificates.shared().ec().write(folder, "server").toString();
        key = folder.resolve("server.key").toString();
    }

    @ParameterizedTest(name = "-tls-provider {0}, {1}")
    @DisplayName("it serves, and says by whose TLS; where OpenSSL is missing or something else, by Java's")
    @CsvSource(
            delimiter = '|',
            value = {
                "auto    |                          | TLS by OpenSSL 3.",
                "openssl |                          | TLS by OpenSSL 3.",
                "jsse    |                          | TLS by Java 25",
                "auto    | -Dwaffle.libssl=none.so  | (no OpenSSL: none.so is not there)",
                "auto    | -Dwaffle.libssl=libc.so.6 | (no OpenSSL: libc.so.6 has no OpenSSL_version_num)",
            })
    void says(String provider, @Nullable String javaOptions, String expected) throws IOException {
        Map<String, String> environment = javaOptions == null ? Map.of() : Map.of("WAFFLE_JAVA_OPTS", javaOptions);
        try (Site site = Site.open(1, environment, flags(provider))) {
            assertTrue(site.waffle().output().contains(expected), site.waffle()::output);
            try (RawClient client =
                    RawClient.overTls(site.port(), TestCertificates.shared().clientContext())) {
                assertEquals(200, client.exchangeGet("/").status());
            }
            site.assertNoFaults();
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("OpenSSL asked for by name, and of no use: an error with the reason")
    @CsvSource({"none.so, none.so is not there", "libc.so.6, libc.so.6 has no OpenSSL_version_num"})
    void refused(String library, String reason) {
        Map<String, String> environment = Map.of("WAFFLE_JAVA_OPTS", "-Dwaffle.libssl=" + library);
        List<String> arguments = List.of(
                "-listen=127.0.0.1:0",
                "-backends=http://127.0.0.1:1",
                "-tls-provider=openssl",
                "-tls-cert=" + certificate,
                "-tls-key=" + key);
        try (var waffle = WaffleProcess.launch(WaffleProcess.launcher(), environment, arguments)) {
            WaffleProcess.Ended ended = waffle.awaitEnd();
            assertEquals(2, ended.code(), ended.output());
            assertTrue(
                    ended.output()
                            .contains(
                                    "-tls-provider: openssl (expected: an OpenSSL 3 that can be used; " + reason + ")"),
                    ended.output());
        }
    }

    @Test
    @DisplayName("a system that pads records and wants TLS 1.3 gets both, and its clients get whole responses")
    void systemConfiguration(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("openssl.cnf"), """
                openssl_conf = c
                [c]
                ssl_conf = s
                [s]
                system_default = d
                [d]
                RecordPadding = 4096
                MinProtocol = TLSv1.3
                """);
        SSLContext trusting = TestCertificates.shared().clientContext();
        try (Site site = Site.open(1, Map.of("OPENSSL_CONF", file.toString()), flags("openssl"))) {
            site.backend().on(request -> {
                request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
                Content.send(LARGE, request.connection().socket().getOutputStream());
            });
            try (RawClient client = RawClient.overTls(site.port(), trusting)) {
                assertEquals(200, client.send(RawClient.GET).readHead().status());
                Content.Check check = new Content.Check();
                client.reader().exactly(LARGE, check);
                assertEquals(LARGE, check.received());
            }
            try (SSLSocket old = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", site.port())) {
                old.setEnabledProtocols(new String[] {"TLSv1.2"});
                assertThrows(SSLException.class, old::startHandshake);
            }
        }
    }

    private String[] flags(String provider) {
        return new String[] {"-tls-provider", provider, "-tls-cert", certificate, "-tls-key", key};
    }
}
