// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Backends that are told by the PROXY protocol who the client is. */
final class IntroducedBackendIT {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /** One that takes a header of this version, as text or as hexadecimal digits, and then a request or none. */
    private static final class Backend implements AutoCloseable {

        private final ServerSocket server;
        private final int version;
        private final @Nullable SSLContext tls;
        private final BlockingQueue<String> headers = new LinkedBlockingQueue<>();

        Backend(int version, @Nullable SSLContext tls) throws IOException {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            this.version = version;
            this.tls = tls;
            Thread.ofVirtual().start(this::accept);
        }

        String url() {
            return (tls == null ? "http" : "https") + "://localhost:" + server.getLocalPort();
        }

        String next() {
            return Wait.next(headers);
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return; // closed
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                headers.add(header(new DataInputStream(socket.getInputStream())));
                Socket above = socket;
                if (tls != null) {
                    SSLSocket secured = (SSLSocket)
                            tls.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
                    secured.setUseClientMode(false);
                    above = secured;
                }
                WireReader reader = new WireReader(above.getInputStream());
                while (reader.hasMore()) {
                    reader.head();
                    above.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // that connection has ended
            }
        }

        private String header(DataInputStream in) throws IOException {
            if (version == 1) {
                StringBuilder line = new StringBuilder();
                while (line.indexOf("\r\n") < 0) {
                    line.append((char) in.readUnsignedByte());
                }
                return line.toString();
            }
            byte[] fixed = in.readNBytes(16);
            byte[] rest = in.readNBytes((fixed[14] & 0xFF) << 8 | (fixed[15] & 0xFF));
            return HexFormat.of().formatHex(fixed) + HexFormat.of().formatHex(rest);
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    @DisplayName("B20 version 1 is a line, and each request has a connection that says whom it is for")
    void line() throws IOException {
        try (Backend backend = new Backend(1, null);
                WaffleProcess waffle = start(backend, "v1", "-trusted-proxies", "127.0.0.1")) {
            int port;
            try (RawClient client = RawClient.to(waffle.port())) {
                port = client.socket().getLocalPort();
                String direct = "PROXY TCP4 127.0.0.1 127.0.0.1 " + port + " " + waffle.port() + "\r\n";
                assertEquals(200, client.exchangeGet("/").status());
                assertEquals(direct, backend.next());
                assertEquals(200, client.exchangeGet("/").status());
                assertEquals(direct, backend.next());
                client.exchange("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
                assertEquals("PROXY TCP4 192.0.2.1 127.0.0.1 0 " + waffle.port() + "\r\n", backend.next());
                client.exchange("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 2001:db8::1\r\n\r\n");
                assertEquals("PROXY TCP6 2001:db8::1 ::ffff:127.0.0.1 0 " + waffle.port() + "\r\n", backend.next());
            }
            try (RawClient client = RawClient.from("127.0.0.9", waffle.port())) {
                assertEquals(200, client.exchangeGet("/").status());
                assertTrue(backend.next().startsWith("PROXY TCP4 127.0.0.9 127.0.0.1 "));
            }
        }
    }

    @Test
    @DisplayName("B20 version 2 is bytes, and comes before TLS")
    void beforeTls() throws IOException {
        SSLContext tls =
                TestCertificates.serverContext(TestCertificates.shared().rsa());
        try (Backend backend = new Backend(2, tls);
                WaffleProcess waffle = start(backend, "v2", "-backend-tls-verify=false");
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(200, client.exchangeGet("/").status());
            String ports = "%04x%04x".formatted(client.socket().getLocalPort(), waffle.port());
            assertEquals(SIGNATURE + "2111000c" + "7f000001" + "7f000001" + ports, backend.next());
        }
    }

    @Test
    @DisplayName("B20 a header that came goes on to the backend")
    void passedOn() throws IOException {
        try (Backend backend = new Backend(2, null);
                WaffleProcess waffle = start(backend, "v2", "-proxy-protocol-from", "127.0.0.1");
                RawClient client = RawClient.to(waffle.port())) {
            client.send("PROXY TCP6 2001:db8::1 2001:db8::2 1000 443\r\n");
            assertEquals(200, client.exchangeGet("/").status());
            String address = "20010db800000000000000000000000";
            assertEquals(SIGNATURE + "21210024" + address + "1" + address + "2" + "03e8" + "01bb", backend.next());
        }
    }

    @Test
    @DisplayName("B20 checks say that they are for no client")
    void checks() throws IOException {
        try (Backend backend = new Backend(2, null);
                WaffleProcess waffle = start(backend, "v2", "-health-check-path", "/")) {
            assertEquals(SIGNATURE + "20000000", backend.next());
        }
        try (Backend backend = new Backend(1, null);
                WaffleProcess waffle = start(backend, "v1", "-health-check-kind", "tcp")) {
            assertEquals("PROXY UNKNOWN\r\n", backend.next());
        }
    }

    private static WaffleProcess start(Backend backend, String version, String... flags) {
        return WaffleProcess.start(Options.with(flags, "-backends", backend.url(), "-proxy-protocol-send", version));
    }
}
