// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What backends do with their connections without a word, which is remembered of them for a while: so this has a site of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HabitsIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";
    private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String EVIL = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";

    private Site site;

    @BeforeAll
    void open() {
        site = Site.open(1);
    }

    @AfterAll
    void close() {
        site.close();
    }

    @ParameterizedTest
    @DisplayName("J2 what comes behind an answer without a body reaches nobody, though it comes later")
    @CsvSource({"HEAD, 200 OK", "GET, 304 Not Modified", "GET, 204 No Content"})
    void surplusBehindNoBody(String method, String status) throws Exception {
        for (int i = 0; i < 50; i++) {
            CountDownLatch sent = new CountDownLatch(1);
            site.backend().on(request -> {
                request.connection().write("HTTP/1.1 " + status + "\r\n\r\n");
                request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                sent.countDown();
            });
            try (RawClient client = site.client()) {
                client.exchange(method + " / HTTP/1.1\r\nHost: h\r\n\r\n");
                sent.await();
                site.backend().on(ScriptedBackend.OK);
                assertEquals("ok", client.exchange(GET).text());
            }
            site.backend().next();
            site.backend().next();
        }
    }

    @Test
    @DisplayName(
            "J2 once a backend has sent a body behind an answer to HEAD, its connections are not used again behind those")
    void remembered() {
        CompletableFuture<RawClient.End> end = new CompletableFuture<>();
        site.backend().on(request -> {
            request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n");
            request.connection().write(EVIL);
            end.complete(request.connection().awaitEnd());
        });
        try (RawClient client = site.client()) {
            client.exchange(HEAD);
            Wait.result(end);
            site.backend().answer("HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n");
            client.exchange(HEAD);
            site.backend().on(ScriptedBackend.OK);
            client.exchange(GET);
            client.exchange(GET);
        }
        int surplus = site.backend().next().connection().id();
        int head = site.backend().next().connection().id();
        int get = site.backend().next().connection().id();
        assertNotEquals(surplus, head);
        assertNotEquals(head, get);
        assertEquals(get, site.backend().next().connection().id(), "behind other answers they are");
        assertTrue(site.waffle().output().contains("it sends content behind answers that have none"));
    }

    @Test
    @DisplayName("J6 a POST takes no connection whose end has arrived")
    void openAtThatMoment() {
        BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
        site.backend().on(request -> {
            answerAndClose(request);
            closed.add(request.connection().id());
        });
        try (RawClient client = site.client()) {
            for (int i = 0; i < 100; i++) {
                connectionOf(client, POST);
                Wait.next(closed);
            }
        }
    }

    @Test
    @DisplayName(
            "J6 to a backend that closes connections behind its answers unannounced, a POST goes by one of its own")
    void closing() {
        try (RawClient client = site.client()) {
            assertTrue(Eventually.holds(() -> {
                site.backend().on(HabitsIT::answerAndClose);
                connectionOf(client, POST);
                site.backend().on(ScriptedBackend.OK);
                int one = connectionOf(client, POST);
                int other = connectionOf(client, POST);
                return one != other;
            }));
            int made = site.backend().connections();
            connectionOf(client, GET);
            assertEquals(made, site.backend().connections(), "what may be repeated risks nothing");
        }
    }

    private static void answerAndClose(BackendRequest request) throws Exception {
        request.readBody();
        request.connection().answer(200, "ok");
        request.connection().close();
    }

    private int connectionOf(RawClient client, String request) {
        assertEquals(200, client.exchange(request).status());
        return site.backend().next().connection().id();
    }
}
