// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.tls.TestAuthority.Issued;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS as clients see it. They trust the root only, so that no handshake ends well without the whole chain. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"openssl", "jsse"})
final class TlsListenerIT {
    private static final int ALERT = 21;
    private static final int FATAL = 2;
    private static final int PROTOCOL_VERSION = 70;

    private final String provider;
    private final Path folder;

    TlsListenerIT(String provider, @TempDir Path folder) {
        this.provider = provider;
        this.folder = folder;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @DisplayName("keys of every kind and format serve TLS 1.2 and 1.3, and nothing older")
    @CsvSource({"RSA, PKCS#8", "RSA, PKCS#1", "EC, PKCS#8", "EC, SEC1"})
    void keys(String kind, String format) throws IOException {
        Issued issued = issued(kind);
        Path certificate = issued.write(folder, "server");
        Path key = folder.resolve("server.key");
        if (!format.equals("PKCS#8")) {
            Files.writeString(key, TestCertificates.traditionalPem(issued.key()));
        }
        try (Site site = open(certificate, key)) {
            assertEquals("https", site.waffle().uri("/").getScheme());
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (SSLSocket socket = connect(site, version)) {
                    assertEquals(version, served(socket, issued.leaf()));
                }
            }
            assertArrayEquals(new byte[] {FATAL, PROTOCOL_VERSION}, alertToTls11(site));
        }
    }

    @Test
    @DisplayName("ALPN: http/1.1 is chosen among others; who speaks only h2 is refused; who says nothing is served")
    void alpn() throws IOException {
        Path certificate = issued("EC").write(folder, "server");
        try (Site site = open(certificate, folder.resolve("server.key"))) {
            assertEquals("http/1.1", negotiated(site, "h2", "http/1.1"));
            assertEquals("http/1.1", negotiated(site, "http/1.1"));
            assertEquals("", negotiated(site));
            SSLException refused = assertThrows(SSLException.class, () -> negotiated(site, "h2"));
            assertTrue(refused.toString().contains("no_application_protocol"), refused::toString);
            assertEquals("", negotiated(site), "after a refusal");
        }
    }

    @Test
    @DisplayName("M12 what is not TLS is closed, and harms nobody else; plain HTTP is told what is spoken here")
    void notTls() throws IOException {
        Path certificate = issued("EC").write(folder, "server");
        try (Site site = open(certificate, folder.resolve("server.key"))) {
            try (RawClient client = site.client()) {
                byte[] answer = readToEnd(client.send("\u0001\u0002\u0003\u0004 no TLS, and no HTTP"));
                assertTrue(answer.length == 0 || answer[0] == ALERT, "an alert at most");
            }
            try (RawClient client = site.client()) {
                Response refusal = client.exchange("GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n");
                assertEquals(400, refusal.status());
                assertTrue(refusal.text().contains("https"), refusal::text);
                assertEquals(RawClient.End.CLOSED, client.awaitEnd());
            }
            site.waffle().awaitOutput(Pattern.compile("127\\.0\\.0\\.1 sent plain HTTP to a port that speaks TLS"));
            assertEquals("", negotiated(site));
            assertEquals(List.of(), site.backend().taken().stream().skip(1).toList());
            site.assertNoFaults();
        }
    }

    @Test
    @DisplayName("a name is asked for in whatever form: the one certificate there is is shown")
    void names() throws IOException {
        Path certificate = issued("EC").write(folder, "server");
        try (Site site = open(certificate, folder.resolve("server.key"))) {
            for (String name : List.of("waffle.test", "nobody.test", "waffle.test.", "my_app", "127.0.0.1")) {
                try (SSLSocket socket = connect(site, "TLSv1.3")) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setServerNames(List.of(new SNIServerName(0, name.getBytes(US_ASCII)) {}));
                    socket.setSSLParameters(parameters);
                    served(socket, issued("EC").leaf());
                }
            }
        }
    }

    @Test
    @DisplayName("a byte of a TLS record now and then does not keep an idle connection")
    void partsOfRecords() throws IOException {
        Path certificate = issued("EC").write(folder, "server");
        try (Site site = open(certificate, folder.resolve("server.key"), "-timeout-keep-alive", "1s");
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), site.port());
                SSLSocket socket = over(plain)) {
            served(socket, null);
            plain.setSoTimeout(RawClient.PATIENCE_MILLIS);
            Thread sender = Thread.ofVirtual().start(() -> dribble(plain));
            assertTrue(plain.getInputStream().readAllBytes().length > 0, "a goodbye, and the end");
            sender.interrupt();
        }
    }

    /** The beginning of a record of 16 KiB, byte by byte, for longer than the connection may live. */
    private static void dribble(Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            out.write(new byte[] {23, 3, 3, 0x40, 0});
            for (int i = 0; i < 1 << 14; i++) {
                out.write(i);
                Thread.sleep(100);
            }
        } catch (IOException | InterruptedException e) {
            // which is what is hoped for
        }
    }

    private static SSLSocket over(Socket plain) throws IOException {
        var socket = (SSLSocket) TestCertificates.shared()
                .clientContext()
                .getSocketFactory()
                .createSocket(plain, "127.0.0.1", plain.getPort(), true);
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        return socket;
    }

    private Site open(Path certificate, Path key, String... more) {
        String[] tls = {"-tls-provider", provider, "-tls-cert", certificate.toString(), "-tls-key", key.toString()};
        return Site.open(1, Options.with(tls, more));
    }

    private static Issued issued(String kind) {
        TestCertificates certificates = TestCertificates.shared();
        return kind.equals("RSA") ? certificates.rsa() : certificates.ec();
    }

    /** Returns the protocol of ALPN agreed on in a handshake that ended well, after an exchange. */
    private static String negotiated(Site site, String... protocols) throws IOException {
        try (SSLSocket socket = connect(site, "TLSv1.3")) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(protocols);
            socket.setSSLParameters(parameters);
            served(socket, null);
            return socket.getApplicationProtocol();
        }
    }

    private static SSLSocket connect(Site site, String version) throws IOException {
        var socket = (SSLSocket)
                TestCertificates.shared().clientContext().getSocketFactory().createSocket("127.0.0.1", site.port());
        socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
        socket.setEnabledProtocols(new String[] {version});
        return socket;
    }

    private static String served(SSLSocket socket, @Nullable X509Certificate expected) throws IOException {
        socket.startHandshake();
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n".getBytes(US_ASCII));
        assertEquals(200, new WireReader(socket.getInputStream()).head().status());
        SSLSession session = socket.getSession();
        if (expected != null) {
            assertEquals(expected, session.getPeerCertificates()[0]);
        }
        return session.getProtocol();
    }

    /**
     * Says hello as a client that knows TLS 1.1 at best, which the JDK's own no longer is; returns the alert it gets.
     * RFC 4346 section 7.4.1.2: version, random, no session, two suites every server of its time knew, no compression.
     */
    private static byte[] alertToTls11(Site site) throws IOException {
        var hello = new ByteArrayOutputStream();
        hello.writeBytes(new byte[] {3, 2});
        hello.writeBytes(new byte[32]);
        hello.writeBytes(new byte[] {0, 0, 4, (byte) 0xC0, 0x13, 0, 0x2F, 1, 0});
        var record = new ByteArrayOutputStream();
        record.writeBytes(new byte[] {22, 3, 1, 0, (byte) (hello.size() + 4)});
        record.writeBytes(new byte[] {1, 0, 0, (byte) hello.size()});
        record.writeBytes(hello.toByteArray());
        try (RawClient client = site.client()) {
            byte[] answer = readToEnd(client.send(record.toByteArray()));
            assertEquals(7, answer.length, "one alert");
            assertEquals(ALERT, answer[0]);
            return new byte[] {answer[5], answer[6]};
        }
    }

    private static byte[] readToEnd(RawClient client) throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            client.reader().toEnd(all::write);
        } catch (SocketException e) {
            // a reset is an end as well
        }
        return all.toByteArray();
    }
}
