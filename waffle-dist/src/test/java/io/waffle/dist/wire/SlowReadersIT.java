// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Clients that read slower than their backend writes: Waffle holds a buffer for each, not the reply. */
final class SlowReadersIT {
    private static final int READERS = 200;
    private static final long REPLY = 64L << 20;
    private static final int ROUNDS = 8;
    private static final int PER_ROUND = 64 * 1024;

    /**
     * What a connection with a reply under way may hold: its request's head and the response's (16 KiB each), what is staged for the backend and
     * for the client (16 KiB each), and a piece of the body (64 KiB). In all 200 that is 25 MiB.
     */
    private static final long BUFFERS = READERS * (4 * 16 + 64) * 1024L;

    /**
     * What grows whatever the number of connections is: the touched part of the young generation of a 64 MiB heap (21 MiB), and compiled code.
     * The replies are 12.5 GiB in all: of these not 1 in 200 may be held.
     */
    private static final long ELSE = 40L << 20;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
    @DisplayName("F7 200 slow readers of 64 MiB each take no more memory than their buffers, and the next 200 none")
    void slowReaders() throws IOException {
        try (Site site = Site.open(1, Map.of("WAFFLE_JAVA_OPTS", "-Xmx64m"))) {
            site.backend().on(request -> {
                request.readBody();
                request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: " + REPLY + "\r\n\r\n");
                Content.send(REPLY, request.connection().socket().getOutputStream());
            });
            long before = site.waffle().residentBytes();
            long first = readSlowly(site);
            long second = readSlowly(site);

            assertTrue(
                    first - before <= BUFFERS + ELSE,
                    () -> "grew from " + before + " to " + first + " (expected: by " + (BUFFERS + ELSE) + " at most)");
            assertTrue(
                    second - before <= BUFFERS + ELSE,
                    () -> "grew from " + before + " over " + first + " to " + second);
            site.backend().forget();
            assertEquals(200, site.get("/").status());
        }
    }

    /** Returns the resident memory with all readers in the middle of their replies. */
    private static long readSlowly(Site site) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                RawClient client = RawClient.withReceiveBuffer(16 * 1024, site.port());
                clients.add(client.send("GET /large HTTP/1.1\r\nHost: waffle.test\r\n\r\n"));
            }
            for (RawClient client : clients) {
                assertEquals(200, client.readHead().status());
            }
            List<Content.Check> checks =
                    clients.stream().map(client -> new Content.Check()).toList();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < READERS; i++) {
                    clients.get(i).reader().exactly(PER_ROUND, checks.get(i));
                }
            }
            return site.waffle().residentBytes();
        } finally {
            clients.forEach(RawClient::close);
        }
    }
}
