// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    @DisplayName("who comes when all places are taken waits until somebody has left, and the log says so")
    void oneMore() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (Site site = Site.open(1, "-limit-connections", Integer.toString(LIMIT))) {
            for (int i = 0; i < LIMIT; i++) {
                RawClient client = site.client();
                clients.add(client);
                assertEquals(200, client.exchangeGet("/").status());
            }
            site.waffle().awaitOutput(Pattern.compile("limits.connections: " + LIMIT + "\\): others wait"));
            try (RawClient late = site.client()) {
                late.send(RawClient.GET);
                assertUnanswered(late);
                clients.getFirst().close();
                assertEquals(200, late.read().status());
                assertEquals(200, clients.getLast().exchangeGet("/").status());
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
