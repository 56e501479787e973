// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes bytes on to a server as they come, but for the first TLS record of each client, its hello: that goes on in as many records as it takes (RFC 8446 section 5.1). */
final class HelloInPieces implements AutoCloseable {

    private static final int HEADER = 3;

    private final ServerSocket listening;
    private final int target;
    private final int piece;

    /** @param piece so many bytes of the hello go into each record */
    HelloInPieces(int target, int piece) {
        this.target = target;
        this.piece = piece;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> relay(server, client));
            cut(new DataInputStream(client.getInputStream()), server.getOutputStream());
            client.getInputStream().transferTo(server.getOutputStream());
            server.shutdownOutput();
        } catch (IOException e) {
            // either has gone
        }
    }

    private void cut(DataInputStream from, OutputStream to) throws IOException {
        byte[] header = from.readNBytes(HEADER); // type and version
        byte[] hello = from.readNBytes(from.readUnsignedShort());
        for (int at = 0; at < hello.length; at += piece) {
            int length = Math.min(piece, hello.length - at);
            to.write(header);
            to.write(length >> 8);
            to.write(length);
            to.write(hello, at, length);
        }
    }

    private static void relay(Socket from, Socket to) {
        try (to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // either has gone
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
