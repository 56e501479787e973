// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
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
        List<String> flags = List.of("-listen", self, "-backends", "http://" + self);
        try (WaffleProcess waffle = WaffleProcess.launch(WaffleProcess.launcher(), Map.of(), flags);
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(508, client.exchangeGet("/").status());
            assertTrue(waffle.output().contains("is this listener"), waffle.output());
        }
        List<String> withoutVia = List.of("-listen", self, "-backends", "http://" + self, "-via", "false");
        try (WaffleProcess waffle = WaffleProcess.launch(WaffleProcess.launcher(), Map.of(), withoutVia)) {
            assertEquals(port, waffle.port());
            assertTrue(waffle.output().contains("again and again"), waffle.output());
            assertFalse(waffle.output().contains("508"), waffle.output());
        }
        try (Site behind = Site.open(1);
                WaffleProcess front = WaffleProcess.start("-backends", "http://127.0.0.1:" + behind.port());
                RawClient client = RawClient.to(front.port())) {
            assertEquals(200, client.exchangeGet("/").status());
        }
    }

    @Test
    @DisplayName("a backend that is the listener itself is a mistake that -check finds")
    void check() {
        WaffleProcess.Ended ended =
                WaffleProcess.run("-check", "-listen", ":8080", "-backends", "http://other,http://localhost:8080");
        assertEquals(2, ended.code(), ended.output());
        assertTrue(ended.output().contains("localhost:8080"), ended.output());
    }

    @Test
    @DisplayName("it is not to blame where the address is taken")
    void taken() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String self = "127.0.0.1:" + socket.getLocalPort();
            WaffleProcess.Ended ended = WaffleProcess.run("-listen", self, "-backends", "http://" + self);
            assertEquals(1, ended.code(), ended.output());
            assertTrue(ended.output().contains("cannot listen"), ended.output());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
