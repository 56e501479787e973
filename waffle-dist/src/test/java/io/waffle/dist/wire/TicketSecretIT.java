// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret of session tickets: what becomes of one that is of no use. That instances resume each other's sessions by it is tested with both ends in hand. */
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
            assertEquals(one.leaf(), shown(site, certificates.clientContext()));
        }
    }

    private static X509Certificate shown(Site site, SSLContext context) throws IOException {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), site.port());
                SSLSocket socket =
                        (SSLSocket) context.getSocketFactory().createSocket(plain, "waffle.test", 443, true)) {
            socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
            socket.setEnabledProtocols(new String[] {"TLSv1.3"});
            String request = "GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            WireReader reader = new WireReader(socket.getInputStream());
            Head head = reader.head();
            assertEquals(200, head.status());
            reader.exactly(Integer.parseInt(
                    head.value("Content-Length").orElseThrow())); // who leaves in the middle keeps no session
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
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
