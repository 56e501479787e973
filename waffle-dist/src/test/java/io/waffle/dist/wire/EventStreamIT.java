// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-sent events: each arrives although nothing follows it. */
@On(Setup.DEFAULT)
final class EventStreamIT {
    private static final int EVENTS = 200;
    private static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Site site;

    EventStreamIT(Site site) {
        this.site = site;
    }

    /**
     * The next event is not sent before the last one was received, so one that waits for a buffer to fill waits for ever. Each comes within
     * 50 ms; that nine in ten do is enough here, since the machine may have other things to do than to run us.
     */
    @ParameterizedTest
    @DisplayName("F1, F2 an event is received before the next is sent, within 50 ms")
    @ValueSource(booleans = {true, false})
    void events(boolean chunked) throws Exception {
        var received = new Semaphore(1);
        BlockingQueue<Long> sent = new SynchronousQueue<>();
        site.backend().on(request -> stream(request, chunked, received, sent));
        List<Long> delays = new ArrayList<>();
        try (RawClient client = site.client()) {
            client.send("GET /events HTTP/1.1\r\nHost: waffle.test\r\nAccept: text/event-stream\r\n\r\n");
            assertEquals(
                    "text/event-stream", client.readHead().value("Content-Type").orElseThrow());
            for (int i = 0; i < EVENTS; i++) {
                String chunk = Integer.toHexString(event(i).length()) + "\r\n" + event(i) + "\r\n";
                assertEquals(chunk, client.readText(chunk.length()));
                long now = System.nanoTime();
                delays.add(now - sent.take());
                received.release();
            }
            assertEquals("0\r\n\r\n", client.readText(5));
        }
        delays.sort(null);
        long most = delays.get(EVENTS * 9 / 10);
        assertTrue(most <= PROMPT_NANOS, () -> "delays in ns: " + delays + " (expected: nine in ten at most 50 ms)");
    }

    private static void stream(BackendRequest request, boolean chunked, Semaphore received, BlockingQueue<Long> sent)
            throws Exception {
        request.readBody();
        BackendConnection to = request.connection();
        String framing = chunked ? "Transfer-Encoding: chunked\r\n" : "Connection: close\r\n";
        to.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + framing + "\r\n");
        for (int i = 0; i < EVENTS; i++) {
            received.acquire();
            long now = System.nanoTime();
            if (chunked) {
                to.chunk(event(i));
            } else {
                to.write(event(i));
            }
            sent.put(now);
        }
        received.acquire();
        if (chunked) {
            to.write("0\r\n\r\n");
        } else {
            to.close();
        }
    }

    private static String event(int number) {
        return "id: " + number + "\ndata: event number " + number + "\n\n";
    }
}
