// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which backend connections carry another request, and which do not. */
@On(Setup.DEFAULT)
final class ReuseIT {
    private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final Site site;

    ReuseIT(Site site) {
        this.site = site;
    }

    @ParameterizedTest
    @DisplayName("J1 a connection is used again after a response that ended where its framing says")
    @ValueSource(
            strings = {
                "200 OK\r\nContent-Length: 2\r\n\r\nok",
                "200 OK\r\nContent-Length: 0\r\n\r\n",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n1\r\nd\r\n0\r\n\r\n",
                "204 No Content\r\n\r\n",
                "304 Not Modified\r\n\r\n",
                "304 Not Modified\r\nContent-Length: 7\r\n\r\n"
            })
    void reused(String answer) {
        site.backend().answer("HTTP/1.1 " + answer);
        try (RawClient client = site.client()) {
            connectionOf(client, "GET");
            int made = site.backend().connections();
            connectionOf(client, "GET");
            assertEquals(made, site.backend().connections());
        }
    }

    @Test
    @DisplayName("J1 a connection is used again after HEAD, whatever length is said")
    void reusedAfterHead() {
        site.backend().answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        try (RawClient client = site.client()) {
            connectionOf(client, "HEAD");
            int made = site.backend().connections();
            connectionOf(client, "HEAD");
            assertEquals(made, site.backend().connections());
        }
    }

    @ParameterizedTest
    @DisplayName("J2 a connection is not used again after close, HTTP/1.0, surplus bytes, or a body that ends with it")
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!",
                "HTTP/1.1 204 No Content\r\n\r\nbody"
            })
    void notReused(String answer) {
        site.backend().answer(answer);
        try (RawClient client = site.client()) {
            int first = connectionOf(client, "GET");
            site.backend().on(ScriptedBackend.OK);
            assertNotEquals(first, connectionOf(client, "GET"));
        }
    }

    @Test
    @DisplayName("J2 a byte that arrives on an idle connection ends it, and reaches nobody")
    void byteWhileIdle() {
        CountDownLatch answered = new CountDownLatch(1);
        CompletableFuture<RawClient.End> end = new CompletableFuture<>();
        site.backend().on(request -> {
            request.connection().answer(200, "first");
            answered.await();
            request.connection().answer(200, "stray");
            end.complete(request.connection().awaitEnd());
        });
        try (RawClient client = site.client()) {
            assertEquals("first", client.exchange(GET).text());
            answered.countDown();
            Wait.result(end);
            site.backend().on(ScriptedBackend.OK);
            assertEquals("ok", client.exchange(GET).text());
        }
    }

    @Test
    @DisplayName("J2 a 204 that announces content is the last on its connection")
    void announcingNoContent() {
        site.backend().answer("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n");
        try (RawClient client = site.client()) {
            int first = connectionOf(client, "GET");
            site.backend().on(ScriptedBackend.OK);
            assertNotEquals(first, connectionOf(client, "POST"));
        }
    }

    @Test
    @DisplayName("J7 a connection is kept no longer than its backend says")
    void keptAsSaid() throws Exception {
        CompletableFuture<RawClient.End> end = new CompletableFuture<>();
        site.backend().on(request -> {
            String hint = "Keep-Alive: timeout=1, max=9\r\n";
            request.connection().write("HTTP/1.1 200 OK\r\n" + hint + "Content-Length: 2\r\n\r\nok");
            end.complete(request.connection().awaitEnd());
        });
        assertEquals("ok", site.get("/").text());
        Wait.result(end); // by itself it would be kept for a minute
        site.backend().answer("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 2\r\n\r\nok");
        try (RawClient client = site.client()) {
            assertNotEquals(connectionOf(client, "GET"), connectionOf(client, "GET"));
        }
    }

    @Test
    @DisplayName("J9 of pipelined requests before a half-close each is answered")
    void pipelinedAndFinished() {
        site.backend()
                .on(request -> request.connection().answer(200, request.head().target()));
        try (RawClient client = site.client()) {
            client.send(
                            "GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n")
                    .finish();
            for (String path : List.of("/a", "/b", "/c")) {
                assertEquals(path, client.read().text());
            }
            client.awaitEnd();
        }
    }

    @Test
    @DisplayName("J8 an empty line behind a body is no request")
    void emptyLineBehindBody() {
        try (RawClient client = site.client()) {
            assertEquals(
                    200,
                    client.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx\r\n")
                            .status());
            assertEquals(200, client.exchangeGet("/").status());
            assertEquals(200, client.exchange(POST).status());
            client.send("\r\n");
            assertEquals(200, client.exchangeGet("/").status());
        }
    }

    @Test
    @DisplayName("J4 a connection the backend has closed while it was idle costs no request")
    void closedWhileIdle() {
        for (int i = 0; i < 20; i++) {
            site.backend().answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertEquals("ok", site.get("/").text());
        }
    }

    @Test
    @DisplayName(
            "J4 a request whose reused connection breaks is repeated once if it is idempotent, else answered with 502")
    void brokenWhenReused() {
        for (String method : List.of("GET", "PUT", "DELETE")) {
            assertEquals(200, statusOnBrokenConnection(method));
        }
        assertEquals(502, statusOnBrokenConnection("POST"));
    }

    @Test
    @DisplayName("J5 pipelined requests are answered in order, also those with bodies")
    void pipelined() {
        site.backend().on(request -> {
            String body = request.readBody().text();
            request.connection().answer(200, request.head().target() + body);
        });
        try (RawClient client = site.client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
                all.append("POST /").append(i).append(" HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n+");
                all.append("PUT /").append(i).append(" HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
                all.append("1\r\n*\r\n0\r\n\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 50; i++) {
                assertEquals("/" + i, client.read().text());
                assertEquals("/" + i + "+", client.read().text());
                assertEquals("/" + i + "*", client.read().text());
            }
        }
    }

    @Test
    @DisplayName(
            "F5 the first chunk reaches the client before the last is sent; three such responses take one connection")
    void streamed() {
        try (RawClient client = site.client()) {
            for (int i = 0; i < 3; i++) {
                CountDownLatch seen = new CountDownLatch(1);
                site.backend().on(request -> {
                    BackendConnection to = request.connection();
                    to.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                            .chunk("first");
                    seen.await();
                    to.chunk("last").write("0\r\n\r\n");
                });
                assertEquals(200, client.send(GET).readHead().status());
                assertEquals("5\r\nfirst", client.readText(8));
                seen.countDown();
                assertEquals("\r\n4\r\nlast\r\n0\r\n\r\n", client.readText(16));
            }
        }
        List<Integer> connections = site.backend().taken().stream()
                .map(request -> request.connection().id())
                .distinct()
                .toList();
        assertEquals(1, connections.size());
    }

    @Test
    @DisplayName("F3 the head is delivered before the first byte of the body exists")
    void headFirst() {
        CountDownLatch seen = new CountDownLatch(1);
        site.backend().on(request -> {
            request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            seen.await();
            request.connection().write("ok");
        });
        try (RawClient client = site.client().send(GET)) {
            assertEquals(200, client.readHead().status());
            seen.countDown();
            assertEquals("ok", client.readText(2));
        }
    }

    /** The backend connection a request takes; a client's requests stay on one event loop, which has idle connections of its own. */
    private int connectionOf(RawClient client, String method) {
        client.send(method + " / HTTP/1.1\r\nHost: h\r\n\r\n").read(method);
        return site.backend().next().connection().id();
    }

    /** A first request leaves an idle connection; the next one, of the same client, goes there and is cut off without an answer. */
    private int statusOnBrokenConnection(String method) {
        try (RawClient client = site.client()) {
            site.backend().on(ScriptedBackend.OK);
            assertEquals(200, client.exchange(GET).status());
            int idle = site.backend().next().connection().id();
            site.backend().on(request -> {
                if (request.connection().id() == idle) {
                    request.connection().close();
                } else {
                    ScriptedBackend.OK.handle(request);
                }
            });
            int status = client.exchange(method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody")
                    .status();
            assertEquals(idle, site.backend().next().connection().id());
            site.backend().taken();
            return status;
        }
    }
}
