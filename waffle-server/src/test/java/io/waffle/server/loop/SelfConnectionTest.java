// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

final class SelfConnectionTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void aSocketThatHasMetItselfIsRefused() throws Exception {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(LOOPBACK, 0));
            var itself = new InetSocketAddress(LOOPBACK, socket.getLocalPort());
            socket.connect(itself);
            assertThrows(ConnectException.class, () -> SelfConnection.refuse(socket.getLocalSocketAddress(), itself));
        }
    }

    @Test
    void oneThatHasMetAServerIsNot() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                Socket socket = new Socket(LOOPBACK, server.getLocalPort())) {
            assertDoesNotThrow(
                    () -> SelfConnection.refuse(socket.getLocalSocketAddress(), socket.getRemoteSocketAddress()));
        }
    }
}
