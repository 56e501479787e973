// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients that send a byte of their head every second, to occupy a server for nothing. */
final class SlowHeadsIT {
    private static final int SLOW = 1_000;
    private static final int OTHERS = 8;
    private static final String HEAD = "GET /slow HTTP/1.1\r\nHost: waffle.test\r\nCookie: ";

    @Test
    @DisplayName("6 a thousand clients that send a byte a second get a 408 each, and others are served meanwhile")
    void slowHeads() throws Exception {
        var allCut = new AtomicBoolean();
        try (Site site = Site.open(1, "-timeout-request-head", "3s");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> slow = new ArrayList<>();
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < SLOW; i++) {
                RawClient client = site.client().send(HEAD);
                clients.add(client);
                slow.add(threads.submit(() -> statusBeforeEnd(client)));
            }
            Future<?> pace = threads.submit(() -> trickle(clients, allCut));
            List<Future<Integer>> others = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                others.add(threads.submit(served(site, allCut)));
            }
            for (Future<Integer> status : slow) {
                assertEquals(408, status.get(60, TimeUnit.SECONDS));
            }
            allCut.set(true);
            for (Future<Integer> count : others) {
                assertTrue(count.get(60, TimeUnit.SECONDS) > 0);
            }
            pace.get(60, TimeUnit.SECONDS);
            clients.forEach(RawClient::close);
        } finally {
            allCut.set(true);
        }
    }

    private static int statusBeforeEnd(RawClient client) {
        Response response = client.read();
        assertTrue(response.announcesClose());
        client.awaitEnd();
        return response.status();
    }

    private static void trickle(List<RawClient> clients, AtomicBoolean allCut) {
        while (!allCut.get()) {
            for (RawClient client : clients) {
                try {
                    client.send("x");
                } catch (UncheckedIOException e) {
                    // cut already, which the one who reads finds as well
                }
            }
            try {
                TimeUnit.SECONDS.sleep(1); // the pace of these clients
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Requests one after the other, on two connections: a kept one, and a new one each. */
    private static Callable<Integer> served(Site site, AtomicBoolean until) {
        return () -> {
            int served = 0;
            try (RawClient kept = site.client()) {
                do {
                    assertEquals(200, kept.exchangeGet("/").status());
                    assertEquals(200, site.get("/").status());
                    served += 2;
                } while (!until.get());
            }
            return served;
        };
    }
}
