// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send all they have before they read what was said long ago. A reset would take that from them. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"plain", "openssl", "jsse"})
final class LingerIT {
    private static final int MOST = 8 << 20;
    private static final int TOO_MUCH = 12 << 20;
    private static final int MUCH = 6 << 20;

    private final String front;
    private final Path folder;

    LingerIT(String front, @TempDir Path folder) {
        this.front = front;
        this.folder = folder;
    }

    @Test
    @DisplayName("J10 an early answer, Waffle's own or the backend's, waits for the client that sends its body first")
    void early() throws IOException {
        try (Site site = Site.open(1, Options.with(tls(), "-limit-request-body", String.valueOf(MOST)))) {
            site.backend().on(request -> {
                request.connection().write("HTTP/1.1 422 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                request.connection().socket().shutdownOutput();
                request.connection().socket().getInputStream().transferTo(OutputStream.nullOutputStream());
            });
            assertHeard(site, 413, "/", TOO_MUCH, false);
            assertHeard(site, 400, "*", MUCH, false);
            assertHeard(site, 422, "/", MUCH, false);
            assertHeard(site, 422, "/", MUCH, true);
        }
    }

    private void assertHeard(Site site, int status, String target, int body, boolean chunked) throws IOException {
        try (RawClient client = client(site)) {
            String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body;
            client.send("POST " + target + " HTTP/1.1\r\nHost: waffle.test\r\n" + framing + "\r\n\r\n");
            OutputStream out = client.socket().getOutputStream();
            if (chunked) {
                Content.sendChunked(body, out);
            } else {
                Content.send(body, out);
            }
            Response response = client.read();
            assertEquals(status, response.status());
            assertTrue(chunked || response.announcesClose(), "how much is to come of chunks is not known");
            assertEquals(RawClient.End.CLOSED, client.awaitEnd());
        }
    }

    private RawClient client(Site site) {
        return front.equals("plain")
                ? site.client()
                : RawClient.overTls(site.port(), TestCertificates.shared().clientContext());
    }

    private String[] tls() throws IOException {
        if (front.equals("plain")) {
            return new String[0];
        }
        Path certificate = TestCertificates.shared().ec().write(folder, "server");
        String key = folder.resolve("server.key").toString();
        return new String[] {"-tls-provider", front, "-tls-cert", certificate.toString(), "-tls-key", key};
    }
}
