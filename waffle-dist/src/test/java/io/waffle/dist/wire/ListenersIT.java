// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several listeners, each with what it says of itself, and the rest as the top has it. */
final class ListenersIT {

    private final ScriptedBackend backend = ScriptedBackend.start();

    @AutoClose
    private final ConfiguredWaffle waffle;

    ListenersIT(@TempDir Path folder) throws IOException {
        Path certificate = TestCertificates.shared().rsa().write(folder, "server");
        waffle = ConfiguredWaffle.start(folder, """
                limits: {request_line: 300}
                listeners:
                  plain: {address: "127.0.0.1:0"}
                  secure: {address: "127.0.0.1:0", tls: {cert_file: %s, key_file: server.key}}
                  moved: {address: "127.0.0.1:0", redirect: https}
                  wide: {address: "127.0.0.1:0", limits: {request_line: 3000}}
                backends: [%s]
                """.formatted(certificate, backend.url()));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private int port(String listener) {
        return Integer.parseInt(waffle.process()
                .awaitOutput(Pattern.compile("listening on https?://127\\.0\\.0\\.1:(\\d+) \\(" + listener + "\\)"))
                .group(1));
    }

    private Response get(String listener, String path) {
        try (RawClient client = RawClient.to(port(listener))) {
            return client.exchangeGet(path);
        }
    }

    @Test
    @DisplayName("one has TLS and the other has not, and the backend is told which it was")
    void tls() {
        assertEquals(200, get("plain", "/").status());
        assertEquals("http", backend.next().head().value("X-Forwarded-Proto").orElseThrow());
        try (RawClient client =
                RawClient.overTls(port("secure"), TestCertificates.shared().clientContext())) {
            assertEquals(200, client.exchangeGet("/").status());
        }
        assertEquals("https", backend.next().head().value("X-Forwarded-Proto").orElseThrow());
    }

    @Test
    @DisplayName("one that redirects sends everybody to the same by https, and nothing reaches a backend")
    void redirect() {
        Response moved = get("moved", "/a?b=c");
        assertEquals(308, moved.status());
        assertEquals("https://waffle.test/a?b=c", moved.value("Location").orElseThrow());
        assertTrue(backend.taken().isEmpty());
    }

    @Test
    @DisplayName("limits of one are not those of the others, which have them from the top")
    void limits() {
        String path = "/" + "a".repeat(1_000);
        assertEquals(414, get("plain", path).status());
        assertEquals(200, get("wide", path).status());
    }
}
