// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A body that is read before a backend is taken for it. */
final class BufferRequestIT {

    private static final int BOUND = 256 * 1024;
    private static final String POST = "POST / HTTP/1.1\r\nHost: waffle.test\r\n";

    private static Site site;

    @BeforeAll
    static void start() {
        site = Site.open(
                1,
                "-buffer-request",
                "256KiB",
                "-limit-backend-in-flight",
                "1",
                "-limit-request-body",
                "2MiB",
                "-timeout-body",
                "2s");
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void forget() {
        site.forget();
    }

    private static void echo(BackendRequest request) throws Exception {
        String body = request.readBody().text();
        request.connection().answer(200, body.length() + " " + body.hashCode());
    }

    private static String answerTo(byte[] body) {
        return body.length + " " + new String(body, StandardCharsets.ISO_8859_1).hashCode();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    @DisplayName("R13 clients that send slowly hold no backend, of which there is one place")
    void slowClients() {
        site.backend().on(BufferRequestIT::echo);
        byte[] body = bytes(100_000);
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(site.client().send(POST + "Content-Length: 100000\r\n\r\n").send(body, 0, 50_000 + i));
        }
        site.assertNothingCame();
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    answerTo(body),
                    slow.get(i).send(body, 50_000 + i, 50_000 - i).read("POST").text());
            slow.get(i).close();
        }
    }

    @Test
    @DisplayName("R13 bodies of all sizes and framings arrive as they were sent, those beyond the bound as they come")
    void sizes() {
        site.backend().on(BufferRequestIT::echo);
        try (RawClient client = site.client()) {
            for (int size : new int[] {0, 1, 1000, 16_000, 64_000, 65_536, BOUND - 1, BOUND, BOUND + 1, 1_500_000}) {
                byte[] body = bytes(size);
                client.send(POST + "Content-Length: " + size + "\r\n\r\n").send(body);
                assertEquals(answerTo(body), client.read("POST").text());
                client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
                for (int at = 0; at < size; at += 40_000) {
                    int length = Math.min(40_000, size - at);
                    client.send(Integer.toHexString(length) + "\r\n")
                            .send(body, at, length)
                            .send("\r\n");
                }
                client.send("0\r\n\r\n");
                assertEquals(answerTo(body), client.read("POST").text());
            }
            assertEquals(20, site.backend().taken().size());
        }
        site.assertNoFaults();
    }

    @Test
    @DisplayName("R13 one that is longer goes on once the bound is reached, without waiting for its end")
    void longer() {
        site.backend().on(BufferRequestIT::echo);
        byte[] body = bytes(2 * BOUND);
        try (RawClient client = site.client()) {
            client.send(POST + "Content-Length: " + body.length + "\r\n\r\n").send(body, 0, BOUND + 1000);
            assertEquals("POST", site.backend().next().head().method());
            assertEquals(
                    answerTo(body),
                    client.send(body, BOUND + 1000, BOUND - 1000).read("POST").text());
        }
    }

    @Test
    @DisplayName("a client that asks whether to send its body is told by Waffle")
    void expect() {
        site.backend().on(BufferRequestIT::echo);
        try (RawClient client = site.client()) {
            client.send(POST + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertEquals(100, client.readHead().status());
            assertEquals(
                    answerTo(new byte[] {'b', 'o', 'd', 'y'}),
                    client.send("body").read("POST").text());
        }
    }

    @Test
    @DisplayName("R13 what is wrong with a body, or does not come in time, no backend sees anything of")
    void refused() {
        site.refused(400, POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX");
        site.refused(408, POST + "Content-Length: 10\r\n\r\nhello");
        try (RawClient client = site.client().send(POST + "Content-Length: 10\r\n\r\nhello")) {
            client.reset();
        }
        site.assertNothingCame();
    }

    @Test
    @DisplayName("a request that may not be repeated survives a connection that turns out to be closed")
    void staleConnection() {
        for (int i = 0; i < 5; i++) {
            site.backend().on(request -> {
                request.readBody();
                request.connection().answer(200, "ok");
                request.connection().close();
            });
            try (RawClient client = site.client()) {
                Response response = client.exchange(POST + "Content-Length: 4\r\n\r\nbody");
                assertTrue(response.status() == 200, response.head().raw());
            }
        }
    }
}
