// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that has said all it has to say, and still listens. */
@On(Setup.DEFAULT)
final class HalfCloseIT {
    private final Site site;

    HalfCloseIT(Site site) {
        this.site = site;
    }

    /**
     * To find out if they still live they are sent the beginning of any response ahead of it, a byte at a time: two bytes have come when both
     * have been asked twice.
     */
    @ParameterizedTest
    @ValueSource(strings = {"GET /work HTTP/1.0\r\n\r\n", "GET /work HTTP/1.1\r\nHost: waffle.test\r\n\r\n"})
    @DisplayName(
            "28 a client that closes its sending half gets its answer, and no interim response that it did not ask for")
    void answered(String request) throws IOException {
        var answer = new CountDownLatch(1);
        site.backend().on(asked -> {
            asked.readBody();
            answer.await();
            asked.connection().answer(200, "late");
        });
        try (RawClient client = site.client()) {
            client.send(request).finish();
            InputStream in = client.socket().getInputStream();
            String begun = new String(in.readNBytes(2), StandardCharsets.ISO_8859_1);
            answer.countDown();
            String whole = begun + new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(whole.startsWith("HTTP/1.1 200 "), whole);
            assertTrue(whole.contains("\r\nConnection: close\r\n"), whole);
            assertTrue(whole.endsWith("\r\n\r\nlate"), whole);
        } finally {
            answer.countDown();
        }
    }

    @Test
    @DisplayName(
            "28 both of two pipelined requests before a half-close are answered, and the second answer says that it is the last")
    void pipelined() {
        try (RawClient client = site.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: waffle.test\r\n\r\nGET /2 HTTP/1.1\r\nHost: waffle.test\r\n\r\n")
                    .finish();
            assertEquals(200, client.read().status());
            assertEquals(200, client.read().status());
            client.awaitEnd();
        }
    }

    @Test
    @DisplayName("28 an upload whose end is followed by a half-close is whole")
    void upload() {
        try (RawClient client = site.client()) {
            Response response = client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 3\r\n\r\nabc")
                    .finish()
                    .read();
            assertEquals(200, response.status());
            assertEquals("abc", site.backend().next().body().text());
        }
    }

    @Test
    @DisplayName("28 a large download goes on after a half-close")
    void download() throws Exception {
        long length = 16L << 20;
        site.backend().on(request -> {
            request.readBody();
            request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            Content.send(length, request.connection().socket().getOutputStream());
        });
        try (RawClient client = site.client()) {
            client.send("GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n");
            assertEquals(200, client.readHead().status());
            client.finish();
            var check = new Content.Check();
            client.reader().exactly(length, check);
            assertEquals(length, check.received());
            client.awaitEnd();
        }
    }
}
