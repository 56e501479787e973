// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.dist.WaffleProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets between a client and a server that others wrote. */
final class WebSocketIT {
    private static EchoServer server;
    private static TlsFront tlsFront;
    private static WaffleProcess plain;
    private static WaffleProcess tls;

    /** How both sides are spoken to. */
    enum Way {
        PLAIN,
        TLS
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        TestCertificates certificates = TestCertificates.shared();
        server = EchoServer.running();
        tlsFront = new TlsFront(TestCertificates.serverContext(certificates.rsa()), server.getPort());
        plain = WaffleProcess.start("-backends", "http://127.0.0.1:" + server.getPort());
        Path certificate = certificates.ec().write(folder, "server");
        Path root = TestCertificates.write(folder, "root.pem", certificates.rootPem());
        tls = WaffleProcess.start(
                "-backends",
                "https://127.0.0.1:" + tlsFront.port(),
                "-backend-tls-ca-file",
                root.toString(),
                "-tls-cert",
                certificate.toString(),
                "-tls-key",
                folder.resolve("server.key").toString());
    }

    @AfterAll
    static void stop() throws Exception {
        plain.close();
        tls.close();
        tlsFront.close();
        server.stop(1_000);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("text and binary messages of all sizes up to 1 MiB come back whole")
    void messages(Way way) throws Exception {
        try (var client = connect(way)) {
            for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
                String text = "ü".repeat(size / 2) + "x".repeat(size % 2);
                client.socket().sendText(text, true).get(20, TimeUnit.SECONDS);
                assertEquals(text, client.next());

                byte[] bytes = new byte[size];
                new Random(size).nextBytes(bytes);
                client.socket().sendBinary(ByteBuffer.wrap(bytes), true).get(20, TimeUnit.SECONDS);
                assertArrayEquals(bytes, (byte[]) client.next());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("pings from either side are answered by the other")
    void pings(Way way) throws Exception {
        try (var client = connect(way)) {
            client.socket()
                    .sendPing(ByteBuffer.wrap("there".getBytes(StandardCharsets.UTF_8)))
                    .get(20, TimeUnit.SECONDS);
            assertEquals("pong there", client.next());

            client.socket().sendText(EchoServer.PING_ME, true).get(20, TimeUnit.SECONDS);
            assertEquals(EchoServer.PONGED, client.next());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a close goes through with its code and reason, whoever begins")
    void closes(Way way) throws Exception {
        try (var client = connect(way)) {
            client.socket().sendClose(4_001, "enough").get(20, TimeUnit.SECONDS);
            assertEquals("closed by the client: 4001 enough", server.nextClose());
        }
        try (var client = connect(way)) {
            client.socket().sendText(EchoServer.CLOSE_ME, true).get(20, TimeUnit.SECONDS);
            assertEquals("close 4002 done", client.next());
            assertEquals("closed by the server: 4002 done", server.nextClose());
        }
    }

    private static EchoClient connect(Way way) throws Exception {
        URI uri = way == Way.PLAIN ? plain.uri("/chat") : tls.uri("/chat");
        SSLContext context = TestCertificates.shared().clientContext();
        var listener = new EchoClient.Inbox();
        HttpClient http = HttpClient.newBuilder().sslContext(context).build();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(uri.toString().replaceFirst("http", "ws")), listener)
                .get(20, TimeUnit.SECONDS);
        return new EchoClient(http, socket, listener);
    }
}
