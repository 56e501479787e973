// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.net.ConnectException;
import java.net.SocketAddress;

/**
 * A socket that is connected to itself. Where nobody listens at a port of this host that is one of those clients' ends get, a connect may be given
 * just that port, and meets itself (RFC 9293 section 3.5, simultaneous open). It then answers whoever asks with the question, and keeps a server
 * that comes back from its port.
 */
public final class SelfConnection {

    private SelfConnection() {}

    /**
     * Refuses it.
     *
     * @param local the socket's own address, now that it is connected
     * @throws ConnectException if the other end has the same
     */
    public static void refuse(SocketAddress local, SocketAddress remote) throws ConnectException {
        if (remote.equals(local)) {
            throw new ConnectException("nobody listens: the host has connected the socket to itself");
        }
    }
}
