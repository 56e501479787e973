// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests that would go round for ever. */
final class CircleIT {

    @Test
    @DisplayName(
            "B18 a request that comes back to the instance that sent it gets a 508, and one that comes from another passes")
    void circles() throws IOException {
        int port = freePort();
        String self = "127.0.0.1:" + port;
        try (WaffleProcess waffle = WaffleProcess.start("-listen", self, "-backends", "http://" + self);
                RawClient client = RawClient.to(port)) {
            assertEquals(508, client.exchangeGet("/").status());
            assertTrue(waffle.output().contains("is this listener"), waffle.output());
        }
        try (Site behind = Site.open(1);
                WaffleProcess front = WaffleProcess.start("-backends", "http://127.0.0.1:" + behind.port());
                RawClient client = RawClient.to(front.port())) {
            assertEquals(200, client.exchangeGet("/").status());
        }
    }

    @Test
    @DisplayName("a backend that is the listener itself is a mistake in the configuration")
    void check() {
        for (List<String> pair : List.of(
                List.of(":8080", "http://127.0.0.1:8080"),
                List.of(":8080", "http://localhost:8080/path"),
                List.of(":8080", "http://[::1]:8080"),
                List.of("0.0.0.0:8080", "http://127.0.0.9:8080"),
                List.of("127.0.0.1:8080", "http://localhost:8080"),
                List.of("127.0.0.1:8080", "http://0.0.0.0:8080"),
                List.of("[::1]:443", "https://[0:0::1]"))) {
            assertEquals(2, check(pair), pair::toString);
        }
        for (List<String> pair : List.of(
                List.of(":8080", "http://127.0.0.1:8081"),
                List.of(":8080", "http://192.0.2.1:8080"),
                List.of(":8080", "http://app:8080"),
                List.of("127.0.0.1:8080", "http://127.0.0.2:8080"),
                List.of("127.0.0.2:8080", "http://localhost:8080"))) {
            assertEquals(0, check(pair), pair::toString);
        }
    }

    private static int check(List<String> pair) {
        return WaffleProcess.run(
                        "-check", "-listen", pair.getFirst(), "-backends", "http://other,".concat(pair.getLast()))
                .code();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
