// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.SelfConnection;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** A look at a backend. Threading: any thread; blocks, on a virtual thread until it is interrupted at the latest. */
interface Probe {

    /** Looks; returns what is wrong, or nothing. */
    Optional<String> complaint(PooledBackend backend) throws IOException;

    /** A connection to where the backend is looked at: at its own address, if it is one of several of its name. */
    static Socket connect(PooledBackend backend, Resolver resolver) throws IOException {
        BackendConfig config = backend.config();
        IOException last = new UnknownHostException("no address");
        for (InetAddress address : config.address().isPresent()
                ? List.of(config.address().get())
                : resolver.addresses(config.host(), Deadline.NONE)) {
            InetSocketAddress at = new InetSocketAddress(address, config.checkPort());
            Socket socket = new Socket();
            try {
                socket.connect(at);
                SelfConnection.refuse(socket.getLocalSocketAddress(), at);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                last = e instanceof IOException io ? io : new IOException(e);
            }
        }
        throw last;
    }
}
