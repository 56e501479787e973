// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client that has said all it has to say, and still listens. */
@On(Setup.DEFAULT)
final class HalfCloseIT {
    private final Site site;

    HalfCloseIT(Site site) {
        this.site = site;
    }

    /**
     * What the newer client is sent to find out if it still lives takes longer than any other way of giving up would; so the older client, that
     * is sent nothing of the kind, has been waited for as long.
     */
    @Test
    @DisplayName("28 a client that closes its sending half gets its answer, with HTTP/1.0 without interim responses")
    void answered() {
        var answer = new CountDownLatch(1);
        site.backend().on(request -> {
            request.readBody();
            answer.await();
            request.connection().answer(200, "late");
        });
        try (RawClient newer = site.client();
                RawClient older = site.client()) {
            older.send("GET /work HTTP/1.0\r\n\r\n").finish();
            newer.send("GET /work HTTP/1.1\r\nHost: waffle.test\r\n\r\n").finish();
            assertEquals(100, newer.readHead().status());
            assertEquals(100, newer.readHead().status());
            answer.countDown();

            Response response = newer.read();
            assertEquals("late", response.text());
            assertTrue(response.announcesClose());
            newer.awaitEnd();
            Head head = older.readHead();
            assertEquals(200, head.status());
            assertEquals("late", older.readText(4));
            older.awaitEnd();
        } finally {
            answer.countDown();
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
