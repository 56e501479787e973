// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The listener for those who only look. */
final class ProbesIT {

    private static final Pattern STARTED = Pattern.compile("probes at http://\\S+:(\\d+)");

    @Test
    @DisplayName("whoever asks is answered, by whatever name, and changes nothing; during a stop it says no")
    void probes() {
        try (Site site = Site.open(1, "-metrics-listen", "127.0.0.1:0", "-shutdown-delay", "3s")) {
            int port = port(site.waffle());
            Response ready =
                    ask(port, "GET /readyz HTTP/1.1\r\nHost: 10.0.0.5:9902\r\nUser-Agent: kube-probe/1.33\r\n\r\n");
            assertEquals(200, ready.status());
            assertEquals("{\"status\":\"ready\"}\n", ready.text());
            assertEquals(Optional.of("no-store"), ready.value("Cache-Control"));
            assertEquals(200, ask(port, "GET /healthz HTTP/1.0\r\n\r\n").status());
            assertEquals(
                    405,
                    ask(port, "POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                            .status());
            assertEquals(
                    404,
                    ask(port, "GET /api/backends HTTP/1.1\r\nHost: h\r\n\r\n").status());
            assertEquals(400, ask(port, "GET /healthz HTTP/1.1\r\n\r\n").status());
            site.waffle().signal("TERM");
            assertTrue(Eventually.holds(
                    () -> ask(port, "GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n").status() == 503));
            assertEquals(
                    200, ask(port, "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").status());
            assertEquals(0, site.waffle().awaitEnd().code());
        }
    }

    @Test
    @DisplayName("those who say nothing, or half of it, keep nobody out")
    void silence() {
        List<RawClient> silent = new ArrayList<>();
        try (Site site = Site.open(1, "-metrics-listen", "127.0.0.1:0")) {
            int port = port(site.waffle());
            for (int i = 0; i < 200; i++) {
                silent.add(RawClient.to(port));
                silent.getLast().send(i % 2 == 0 ? "" : "GET /rea");
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        200,
                        ask(port, "GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n").status());
            }
        } finally {
            silent.forEach(RawClient::close);
        }
    }

    private static int port(WaffleProcess waffle) {
        return Integer.parseInt(waffle.awaitOutput(STARTED).group(1));
    }

    private static Response ask(int port, String request) {
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(request);
        }
    }
}
