// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that a balancer in front introduces by the PROXY protocol. Those at 127.0.0.1 to 127.0.0.3 have to. */
final class ProxyProtocolIT {

    private static final String LINE = "PROXY TCP4 203.0.113.7 198.51.100.1 54321 4443\r\n";
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String ENDS = "cb007107 c6336401 d431 115b";
    private static final byte[] BYTES = hex("2111 000c" + ENDS);

    private static Site site;

    @BeforeAll
    static void open() {
        site = Site.open(
                1,
                "-proxy-protocol-from",
                "127.0.0.0/30",
                "-trusted-proxies",
                "203.0.113.0/24",
                "-timeout-request-head",
                "1s",
                "-access-log",
                "-",
                "-access-log-format",
                "{client} {target}");
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @Test
    @DisplayName("B12 the client is whom the header says, line or bytes, with the port it connected to")
    void introduced() {
        for (byte[] header : List.of(ascii(LINE), BYTES)) {
            try (RawClient client = site.client()) {
                client.send(header).send("GET /introduced HTTP/1.0\r\n\r\n");
                assertEquals(200, client.read().status());
                Head seen = site.backend().next().head();
                assertEquals(List.of("203.0.113.7"), seen.values("X-Forwarded-For"));
                assertEquals(List.of("4443"), seen.values("X-Forwarded-Port"));
            }
        }
        site.waffle().awaitOutput(Pattern.compile("203\\.0\\.113\\.7 /introduced"));
    }

    @Test
    @DisplayName("B12 IPv6, a checksum, additions, and each byte by itself")
    void inPieces() throws IOException {
        byte[] header = hex("2121 0030" + "20010db8000000000000000000000001".repeat(2) + "d431 01bb"
                + "03 0004 00000000" + "01 0002 6832");
        CRC32C crc = new CRC32C();
        crc.update(header);
        ByteBuffer.wrap(header).putInt(16 + 36 + 3, (int) crc.getValue());
        try (RawClient client = site.client()) {
            for (byte one : header) {
                client.send(new byte[] {one});
            }
            assertEquals(200, client.exchangeGet("/").status());
            assertEquals(List.of("2001:db8::1"), site.backend().next().head().values("X-Forwarded-For"));
            assertEquals(200, client.exchangeGet("/again").status());
            assertEquals(List.of("2001:db8::1"), site.backend().next().head().values("X-Forwarded-For"));
        }
    }

    @Test
    @DisplayName("B12 header and requests in one piece")
    void inOnePiece() {
        try (RawClient client = site.client()) {
            client.send(LINE + "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi" + RawClient.GET);
            assertEquals(200, client.read().status());
            assertEquals(200, client.read().status());
            site.backend().next();
            site.backend().next();
        }
    }

    @Test
    @DisplayName("B12 whom the header names is the peer that may be trusted")
    void trusted() {
        try (RawClient client = site.client()) {
            client.send(LINE);
            client.exchange("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
            assertEquals(
                    List.of("192.0.2.1, 203.0.113.7"),
                    site.backend().next().head().values("X-Forwarded-For"));
        }
        try (RawClient client = site.client()) {
            client.send(LINE.replace("203.0.113.7", "198.51.100.9"));
            client.exchange("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
            assertEquals(List.of("198.51.100.9"), site.backend().next().head().values("X-Forwarded-For"));
        }
    }

    @ParameterizedTest
    @DisplayName("B12 a connection of the balancer's own is from the balancer")
    @ValueSource(strings = {"2000 0000", "2011 000c" + ENDS, "2100 0000", "20ff 0001 ff"})
    void ofItsOwn(String header) {
        ofItsOwn(hex(header));
    }

    @Test
    @DisplayName("B12 what the balancer does not know is not made up")
    void unknown() {
        ofItsOwn(ascii("PROXY UNKNOWN\r\n"));
        ofItsOwn(ascii("PROXY UNKNOWN 203.0.113.7 198.51.100.1 54321 4443\r\n"));
    }

    private static void ofItsOwn(byte[] header) {
        try (RawClient client = site.client()) {
            assertEquals(200, client.send(header).exchangeGet("/").status());
            assertEquals(List.of("127.0.0.1"), site.backend().next().head().values("X-Forwarded-For"));
        }
    }

    @ParameterizedTest
    @DisplayName("B19 who has to send a header and does not is closed without an answer")
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.1 54321\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.1 54321 70000\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.1 54321 4443\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "PROXY TCP6 203.0.113.7 198.51.100.1 54321 4443\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                " PROXY UNKNOWN\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "\r\n\r\n\0\r\nQUIT\n1\u0011\0\0",
                "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u0001x",
                "\r\n\r\n\0\r\nQUIT\n!\u0011\u00ff\u00ff",
                "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000"
            })
    void missing(String sent) {
        try (RawClient client = site.client()) {
            client.send(sent);
            client.awaitEnd();
        }
        assertNothingCame();
        site.waffle()
                .awaitOutput(Pattern.compile("a connection from 127\\.0\\.0\\.1, one of proxy_protocol\\.from, was"));
    }

    @Test
    @DisplayName("B19 who has to send a header and takes too long for it is closed")
    void late() {
        try (RawClient client = site.client();
                RawClient silent = site.client()) {
            client.send("PROXY TCP4 203");
            client.awaitEnd();
            silent.awaitEnd();
        }
        assertNothingCame();
    }

    @Test
    @DisplayName("B19 who only looks whether anybody is there does no harm")
    void looking() {
        for (int i = 0; i < 20; i++) {
            site.client().close();
        }
        try (RawClient client = site.client()) {
            client.finish().awaitEnd();
        }
        try (RawClient client = site.client()) {
            assertEquals(200, client.send(LINE).exchangeGet("/").status());
            site.backend().next();
        }
    }

    @Test
    @DisplayName("B19 from anybody else a header is a bad request, and none is needed")
    void fromOthers() {
        for (byte[] header : List.of(ascii(LINE), BYTES)) {
            try (RawClient client = RawClient.from("127.0.0.4", site.port())) {
                assertEquals(400, client.send(header).send(RawClient.GET).read().status());
                client.awaitEnd();
            }
        }
        assertNothingCame();
        try (RawClient client = RawClient.from("127.0.0.4", site.port())) {
            assertEquals(200, client.exchangeGet("/").status());
            assertEquals(List.of("127.0.0.4"), site.backend().next().head().values("X-Forwarded-For"));
        }
    }

    @ParameterizedTest
    @DisplayName("B12 the header comes before TLS")
    @ValueSource(strings = {"openssl", "jsse"})
    void beforeTls(String provider, @TempDir Path folder) throws IOException {
        Path certificate = TestCertificates.shared().rsa().write(folder, "server");
        Path key = folder.resolve("server.key");
        String[] flags = {"-tls-cert", certificate.toString(), "-tls-key", key.toString(), "-tls-provider", provider};
        try (Site secure = Site.open(1, Options.with(flags, "-proxy-protocol-from", "127.0.0.1"))) {
            for (byte[] header : List.of(ascii(LINE), BYTES)) {
                try (RawClient client = RawClient.overTls(
                        secure.port(), TestCertificates.shared().clientContext(), header)) {
                    assertEquals(200, client.exchangeGet("/").status());
                    Head seen = secure.backend().next().head();
                    assertEquals(List.of("203.0.113.7"), seen.values("X-Forwarded-For"));
                    assertEquals(List.of("https"), seen.values("X-Forwarded-Proto"));
                }
            }
        }
    }

    @Test
    @DisplayName("B12 a reload says anew who has to")
    void reload(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("waffle.yaml"), "proxy_protocol: {from: [127.0.0.1]}\n");
        try (Site changing = Site.open(1, "-config", file.toString())) {
            try (RawClient client = changing.client()) {
                assertEquals(200, client.send(LINE).exchangeGet("/").status());
                Files.writeString(file, "forwarding: {via: true}\n");
                changing.waffle().signal("HUP").awaitOutput(Pattern.compile("reloaded"));
                assertEquals(200, client.exchangeGet("/").status());
            }
            assertEquals(200, changing.get("/").status());
        }
    }

    private static void assertNothingCame() {
        try (RawClient client = RawClient.from("127.0.0.4", site.port())) {
            assertEquals(200, client.exchangeGet("/sentinel").status());
        }
        List<BackendRequest> taken = site.backend().taken();
        assertTrue(taken.size() == 1 && taken.getFirst().head().target().equals("/sentinel"), taken::toString);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(SIGNATURE));
        bytes.writeBytes(HexFormat.of().parseHex(rest.replace(" ", "")));
        return bytes.toByteArray();
    }
}
