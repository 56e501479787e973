// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades and what follows them. */
@On(Setup.DEFAULT)
final class TunnelIT {
    private static final String ASK =
            "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n";
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 1\r\nUpgrade: websocket\r\n\r\n";

    private final Site site;

    TunnelIT(Site site) {
        this.site = site;
    }

    @Test
    @DisplayName("H1 both sides see the upgrade, and bytes flow unchanged both ways")
    void bothWays() {
        site.backend().on(request -> {
            request.connection().write(SWITCH);
            echo(request.connection());
        });
        try (RawClient client = site.client().send(ASK)) {
            Head answer = client.readHead();
            assertEquals(101, answer.status());
            assertEquals(List.of("websocket"), answer.values("Upgrade"));
            assertTrue(answer.lists("Connection", "upgrade"));
            Head asked = site.backend().next().head();
            assertEquals(List.of("websocket"), asked.values("Upgrade"));
            assertTrue(asked.lists("Connection", "upgrade"));
            assertEquals(List.of("k"), asked.values("Sec-WebSocket-Key"));
            String message = "0123456789abcdef".repeat(3_000);
            for (int round = 0; round < 100; round++) {
                assertEquals(message, client.send(message).readText(message.length()));
            }
        }
    }

    @Test
    @DisplayName("A8 of a 101, hop-by-hop fields go, and those that make the upgrade stay")
    void fieldsOf101() {
        site.backend().on(request -> request.connection().write(SWITCH).awaitEnd());
        try (RawClient client = site.client().send(ASK)) {
            Head answer = client.readHead();
            assertEquals(List.of(), answer.values("X-Hop"));
            assertEquals(List.of(), answer.values("Keep-Alive"));
            assertEquals(List.of("websocket"), answer.values("Upgrade"));
        }
    }

    @Test
    @DisplayName("H2 bytes right behind the handshake, of either side, arrive")
    void pipelined() {
        site.backend().on(request -> {
            request.connection().write(SWITCH + "hello");
            echo(request.connection());
        });
        try (RawClient client = site.client().send(ASK + "early")) {
            assertEquals(101, client.readHead().status());
            assertEquals("helloearly", client.readText(10));
        }
    }

    @Test
    @DisplayName("H3 a handshake without a key is the backend's to judge, and several protocols are one list")
    void noKey() {
        site.backend().answer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        Response response = site.exchange(
                "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: foo\r\nUpgrade: websocket\r\n\r\n");
        assertEquals(400, response.status());
        assertEquals(List.of("foo, websocket"), site.backend().next().head().values("Upgrade"));
    }

    @ParameterizedTest
    @DisplayName("H4, H5 a 101 that was not asked for, or for another protocol: 502")
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n"
            })
    void notAsAsked(String request) {
        site.backend().on(asked -> asked.connection().write(SWITCH).awaitEnd());
        assertEquals(502, site.exchange(request).status());
    }

    @Test
    @DisplayName("H6 an upgrade that is refused is an ordinary exchange, and the connection goes on")
    void refused() {
        site.backend().answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        try (RawClient client = site.client()) {
            assertEquals("no", client.exchange(ASK).text());
            site.backend().on(ScriptedBackend.OK);
            assertEquals("ok", client.exchangeGet("/").text());
        }
    }

    @Test
    @DisplayName("H7 when the client drops, the backend's side is closed")
    void clientDrops() throws Exception {
        CompletableFuture<RawClient.End> ended = new CompletableFuture<>();
        site.backend().on(request -> {
            request.connection().write(SWITCH);
            ended.complete(request.connection().awaitEnd());
        });
        RawClient client = site.client().send(ASK);
        assertEquals(101, client.readHead().status());
        client.reset();
        ended.get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("H7 when the backend drops, the client's side is closed")
    void backendDrops() {
        site.backend().on(request -> request.connection().write(SWITCH).close());
        try (RawClient client = site.client().send(ASK)) {
            assertEquals(101, client.readHead().status());
            client.awaitEnd();
        }
    }

    @Test
    @DisplayName("H8 h2c is never passed on")
    void h2c() {
        String start = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n";
        Response response = site.exchange(start + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
        assertEquals(200, response.status());
        Head seen = site.backend().next().head();
        assertEquals(List.of(), seen.values("Upgrade"));
        assertEquals(List.of(), seen.values("HTTP2-Settings"));
    }

    @Test
    @DisplayName("H10 an upgrade with a body: 101 after the whole body opens the tunnel, 101 before it is a 502")
    void withBody() {
        String ask =
                "POST / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\n";
        site.backend().on(request -> {
            request.readBody();
            request.connection().write(SWITCH);
            echo(request.connection());
        });
        try (RawClient client = site.client().send(ask + "hello")) {
            assertEquals(101, client.readHead().status());
            assertEquals("x", client.send("x").readText(1));
        }
        site.backend().on(request -> request.connection().write(SWITCH).awaitEnd());
        try (RawClient client = site.client().send(ask + "he")) {
            assertEquals(502, client.read().status());
        }
    }

    @Test
    @DisplayName("rule 26: a half-close of the client reaches the backend, whose bytes still come")
    void halfClose() {
        site.backend().on(request -> {
            request.connection().write(SWITCH);
            request.connection().awaitEnd();
            request.connection().write("late").close();
        });
        try (RawClient client = site.client().send(ASK)) {
            assertEquals(101, client.readHead().status());
            client.finish();
            assertEquals("late", client.readText(4));
            client.awaitEnd();
        }
    }

    private static void echo(BackendConnection connection) throws Exception {
        byte[] bytes = new byte[8192];
        for (int n; (n = connection.socket().getInputStream().read(bytes)) > 0; ) {
            connection.write(Arrays.copyOf(bytes, n));
        }
    }
}
