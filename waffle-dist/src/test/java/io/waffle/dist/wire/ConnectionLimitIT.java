// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** More clients than may be connected. */
final class ConnectionLimitIT {

    private static final int LIMIT = 8;

    @Test
    @DisplayName(
            "who comes when all places are taken gets that of the client that was idle longest, and the log says so")
    void oneMore() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (Site site = Site.open(1, "-limit-connections", Integer.toString(LIMIT))) {
            for (int i = 0; i < LIMIT; i++) {
                RawClient client = site.client();
                clients.add(client);
                assertEquals(200, client.exchangeGet("/").status());
            }
            try (RawClient late = site.client()) {
                assertEquals(200, late.exchangeGet("/").status());
                site.waffle().awaitOutput(Pattern.compile("limits.connections: " + LIMIT + "\\): idle ones give way"));
                assertEquals(-1, clients.getFirst().socket().getInputStream().read());
                assertEquals(200, clients.getLast().exchangeGet("/").status());
            }
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    @DisplayName("where nobody is idle it waits until somebody has left")
    void noneIdle() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (Site site = Site.open(1, "-limit-connections", Integer.toString(LIMIT))) {
            for (int i = 0; i < LIMIT; i++) {
                RawClient client = site.client();
                clients.add(client);
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx");
            }
            assertTrue(Eventually.holds(() -> site.backend().connections() == LIMIT));
            try (RawClient late = site.client()) {
                late.send(RawClient.GET);
                assertUnanswered(late);
                clients.getFirst().close();
                assertEquals(200, late.read().status());
            }
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    @DisplayName("who has just connected does not give way before there was time to ask for something")
    void justConnected() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (Site site = Site.open(1, "-limit-connections", Integer.toString(LIMIT))) {
            for (int i = 0; i < 3 * LIMIT; i++) {
                clients.add(site.client());
            }
            for (RawClient client : clients) {
                assertEquals(200, client.exchangeGet("/").status());
            }
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    private static void assertUnanswered(RawClient client) throws SocketException {
        int usual = client.socket().getSoTimeout();
        client.socket().setSoTimeout(300);
        UncheckedIOException none = assertThrows(UncheckedIOException.class, client::read);
        assertInstanceOf(SocketTimeoutException.class, none.getCause());
        client.socket().setSoTimeout(usual);
    }
}
