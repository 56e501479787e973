// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IdleClientsTest {

    @Test
    void eachAsksOnceAndStaysUntilTheInputEnds() throws Exception {
        try (var server = LittleServer.answering(n -> LittleServer.OK);
                var clients = Running.start(
                        IdleClients.PROGRAM, "--address", server.address(), "--connections", "50", "--path", "/x")) {
            assertEquals(50, server.open().size());
            assertEquals(50, server.requests());
            assertTrue(server.heads().stream().allMatch(head -> head.startsWith("GET /x HTTP/1.1\n")));
            for (Socket client : server.open()) {
                assertEquals("127.0.0.2", client.getInetAddress().getHostAddress());
            }
            assertEquals(Program.OK, clients.end());
            while (!server.open().isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Test
    void aRefusalIsOneLine() throws Exception {
        try (var server = LittleServer.answering(n -> LittleServer.OK.replace("200", "503"))) {
            Run run = Run.of(IdleClients.PROGRAM, "--address", server.address(), "--connections", "3");
            assertEquals(Program.FAILED, run.code());
            assertEquals("", run.out());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }
}
