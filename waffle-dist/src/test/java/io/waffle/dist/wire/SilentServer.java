// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Does not answer a connect: Linux drops what asks for one while the queue of a listening socket is full, as a firewall would. */
final class SilentServer implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<SocketChannel> queue = new ArrayList<>();

    SilentServer() throws IOException {
        for (int i = 0; i < 16; i++) {
            SocketChannel waiting = SocketChannel.open();
            queue.add(waiting);
            waiting.configureBlocking(false);
            waiting.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
        }
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel waiting : queue) {
            waiting.close();
        }
        socket.close();
    }
}
