// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;

/**
 * Speaks TLS for a server that does not: what comes in goes on to it in plain, and its answers back. By the JDK's blocking sockets, because
 * the TLS of Java-WebSocket 1.6 loses bytes under load ("Unknown opcode 12"), also where nothing is in between.
 */
final class TlsFront implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;

    TlsFront(SSLContext context, int target) throws IOException {
        this.target = target;
        listening = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread down = Thread.ofVirtual().start(() -> relay(server, client));
            relay(client, server);
            down.join();
        } catch (IOException e) {
            // either has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes an end on; a failure ends both directions. */
    private static void relay(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it has gone anyway
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
