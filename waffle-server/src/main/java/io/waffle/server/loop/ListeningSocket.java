// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/** The socket of a listener. Threading: any thread. */
public final class ListeningSocket {

    private ListeningSocket() {}

    /**
     * One that listens at the address, in non-blocking mode: handed over by whoever started the process, or else bound now.
     *
     * @param backlog how many clients the host accepts ahead of us, where it is bound now
     * @throws IOException if the address cannot be had, or what was handed over is another's
     */
    public static ServerSocketChannel open(InetSocketAddress address, int backlog) throws IOException {
        ServerSocketChannel handed = HandedSocket.take();
        return handed == null ? bind(address, backlog) : checked(handed, address);
    }

    private static ServerSocketChannel bind(InetSocketAddress address, int backlog) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.setOption(
                    StandardSocketOptions.SO_REUSEADDR, true); // of connections that are long over, not of listeners
            socket.configureBlocking(false);
            return socket.bind(address, backlog);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static ServerSocketChannel checked(ServerSocketChannel handed, InetSocketAddress address)
            throws IOException {
        handed.configureBlocking(false);
        if (!(handed.getLocalAddress() instanceof InetSocketAddress at)) {
            throw new BindException("the socket that was handed over does not listen");
        }
        if (!isThat(at, address)) {
            throw new BindException("the socket that was handed over listens on "
                    + at.getAddress().getHostAddress() + ":" + at.getPort());
        }
        return handed;
    }

    /** All addresses of this host are one, whether IPv4 has them or IPv6. */
    private static boolean isThat(InetSocketAddress one, InetSocketAddress other) {
        boolean everywhere =
                one.getAddress().isAnyLocalAddress() && other.getAddress().isAnyLocalAddress();
        return one.getPort() == other.getPort()
                && (everywhere || one.getAddress().equals(other.getAddress()));
    }
}
