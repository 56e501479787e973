// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.Host;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.SelfConnection;
import io.waffle.server.peer.ProxyHeader;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A look at a backend. Threading: any thread; blocks, on a virtual thread until it is interrupted at the latest. */
interface Probe {

    /** Looks; returns what is wrong, or nothing. */
    Optional<String> complaint(PooledBackend backend) throws IOException;

    /**
     * A connection to where a backend is looked at: at its own address, if it is one of several of its name.
     *
     * @param proxyVersion of the PROXY protocol, by which it says that it is for no client; 0 if it says nothing
     * @throws java.net.SocketTimeoutException if the deadline passes first
     */
    static ProbeLink connect(BackendConfig config, int port, Resolver resolver, int proxyVersion, long deadline)
            throws IOException {
        ProbeLink link = config.host() instanceof Host.LocalSocket socket
                ? ProbeLink.of(UnixDomainSocketAddress.of(socket.text()))
                : ProbeLink.of(byTcp(config, port, resolver, deadline));
        try {
            if (proxyVersion > 0) {
                link.out().write(ProxyHeader.ofOurOwn(proxyVersion));
            }
            return link;
        } catch (IOException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    private static Socket byTcp(BackendConfig config, int port, Resolver resolver, long deadline) throws IOException {
        IOException last = new UnknownHostException("no address");
        for (InetAddress address : config.address().isPresent()
                ? List.of(config.address().get())
                : resolver.addresses(config.host(), deadline)) {
            InetSocketAddress at = new InetSocketAddress(address, port);
            Socket socket = new Socket();
            try {
                socket.connect(at, millisUntil(deadline));
                SelfConnection.refuse(socket.getLocalSocketAddress(), at);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                last = e instanceof IOException io ? io : new IOException(e);
            }
        }
        throw last;
    }

    /** As a socket takes it, to which nought is for ever. */
    private static int millisUntil(long deadline) {
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(deadline - Deadline.now()), 1, Integer.MAX_VALUE);
    }
}
