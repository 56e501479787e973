// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Who is at the other end of a client connection. Immutable. */
final class Peer {

    private final ClientAddress address;
    private final byte[] text;
    private final int port;

    private Peer(ClientAddress address, int port) {
        this.address = address;
        this.text = address.toString().getBytes(StandardCharsets.US_ASCII);
        this.port = port;
    }

    static Peer of(SocketChannel socket) throws IOException {
        if (socket.getRemoteAddress() instanceof InetSocketAddress remote
                && socket.getLocalAddress() instanceof InetSocketAddress local) {
            return new Peer(ClientAddress.of(remote.getAddress()), local.getPort());
        }
        throw new IOException("not a connection over IP: " + socket);
    }

    ClientAddress address() {
        return address;
    }

    /** The address literal, as it goes into X-Forwarded-For. Not to be changed. */
    byte[] text() {
        return text;
    }

    /** The port of ours it connected to. */
    int port() {
        return port;
    }
}
