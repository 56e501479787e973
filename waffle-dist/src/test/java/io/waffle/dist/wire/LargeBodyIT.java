// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of many times the heap pass byte for byte: nothing of them is held longer than it takes to send it on. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
final class LargeBodyIT {
    private static final Map<String, String> SMALL_HEAP = Map.of("WAFFLE_JAVA_OPTS", "-Xmx64m");
    private static final long HUGE = 2L << 30;
    private static final long LARGE = 256L << 20;

    private static Site plain;
    private static Site tls;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        plain = Site.open(1, SMALL_HEAP);
        tls = overTls(folder);
    }

    @AfterAll
    static void stop() {
        plain.close();
        tls.close();
    }

    @Test
    @DisplayName("a download of 2 GiB with a length, with a heap of 64 MiB")
    void download() throws IOException {
        download(plain, plain.client(), HUGE, false);
    }

    @Test
    @DisplayName("an upload of 2 GiB with a length, with a heap of 64 MiB")
    void upload() throws IOException {
        upload(plain, plain.client(), HUGE, false);
    }

    @Test
    @DisplayName("256 MiB in chunks of all sizes, both ways")
    void chunked() throws IOException {
        download(plain, plain.client(), LARGE, true);
        upload(plain, plain.client(), LARGE, true);
    }

    @Test
    @DisplayName("256 MiB from a backend that ends its response by closing")
    void closeDelimited() throws IOException {
        plain.backend().on(request -> {
            request.readBody();
            request.connection().write("HTTP/1.0 200 OK\r\n\r\n");
            Content.send(LARGE, out(request));
            request.connection().close();
        });
        receive(plain.client(), LARGE, true);
    }

    @Test
    @DisplayName("256 MiB over a TLS listener and an https backend, both ways, with a length and in chunks")
    void tls() throws IOException {
        download(tls, tlsClient(), LARGE, false);
        upload(tls, tlsClient(), LARGE, true);
    }

    private static void download(Site site, RawClient client, long length, boolean chunked) throws IOException {
        site.backend().on(request -> {
            request.readBody();
            request.connection().write("HTTP/1.1 200 OK\r\n" + framing(length, chunked) + "\r\n");
            send(length, chunked, out(request));
        });
        receive(client, length, chunked);
    }

    private static void receive(RawClient client, long length, boolean chunked) throws IOException {
        try (client) {
            client.send("GET /large HTTP/1.1\r\nHost: waffle.test\r\n\r\n");
            Head head = client.readHead();
            assertEquals(200, head.status());
            assertEquals(chunked, head.lists("Transfer-Encoding", "chunked"));
            var check = new Content.Check();
            read(client.reader(), length, chunked, check);
            assertEquals(length, check.received());
        }
    }

    private static void upload(Site site, RawClient client, long length, boolean chunked) throws IOException {
        site.backend().on(request -> {
            var check = new Content.Check();
            read(request.connection().reader(), request.length(), request.head().has("Transfer-Encoding"), check);
            request.connection().answer(200, Long.toString(check.received()));
        });
        try (client) {
            client.send("PUT /large HTTP/1.1\r\nHost: waffle.test\r\n" + framing(length, chunked) + "\r\n");
            send(length, chunked, client.socket().getOutputStream());
            Response response = client.read();
            assertEquals(200, response.status());
            assertEquals(Long.toString(length), response.text());
        }
    }

    private static void read(WireReader from, long length, boolean chunked, Content.Check check) throws IOException {
        if (chunked) {
            from.chunked(check);
        } else {
            from.exactly(length, check);
        }
    }

    private static void send(long length, boolean chunked, OutputStream to) throws IOException {
        if (chunked) {
            Content.sendChunked(length, to);
        } else {
            Content.send(length, to);
        }
    }

    private static String framing(long length, boolean chunked) {
        return chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + length + "\r\n";
    }

    private static OutputStream out(BackendRequest request) throws IOException {
        return request.connection().socket().getOutputStream();
    }

    private static RawClient tlsClient() {
        return RawClient.overTls(tls.port(), TestCertificates.shared().clientContext());
    }

    private static Site overTls(Path folder) throws IOException {
        TestCertificates certificates = TestCertificates.shared();
        Path certificate = certificates.rsa().write(folder, "server");
        Path root = TestCertificates.write(folder, "root.pem", certificates.rootPem());
        var backend = ScriptedBackend.startTls(TestCertificates.serverContext(certificates.ec()));
        return Site.over(
                List.of(backend),
                SMALL_HEAP,
                "-tls-cert",
                certificate.toString(),
                "-tls-key",
                folder.resolve("server.key").toString(),
                "-backend-tls-ca-file",
                root.toString());
    }
}
