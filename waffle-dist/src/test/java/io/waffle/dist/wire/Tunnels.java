// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;

/** Tunnels to backends that say what they are told. */
final class Tunnels {

    private static final String ASK =
            "GET /chat HTTP/1.1\r\nHost: waffle.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private Tunnels() {}

    /** One to whoever serves {@code /chat} of {@code waffle.test}. */
    static RawClient open(int port) {
        RawClient client = RawClient.to(port).send(ASK);
        int status = client.readHead().status();
        if (status != 101) {
            throw new AssertionError(status + " (expected: 101)");
        }
        return client;
    }

    /** Whether the other end still is there. */
    static boolean isOpen(RawClient tunnel) {
        return tunnel.send("still there").readText(11).equals("still there");
    }

    /** Whoever wants a tunnel gets one, and all others are answered by the other handler. */
    static ScriptedBackend.Handler echoOr(ScriptedBackend.Handler other) {
        return request -> {
            if (request.head().has("Upgrade")) {
                echo(request.connection(), "");
            } else {
                other.handle(request);
            }
        };
    }

    /** Switches, with these fields besides, and says what it is told. */
    static void echo(BackendConnection connection, String fields) throws IOException {
        connection.write(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + fields + "\r\n");
        for (int b = connection.reader().read(); b >= 0; b = connection.reader().read()) {
            connection.write(new byte[] {(byte) b});
        }
    }
}
