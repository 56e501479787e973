// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** A look at a backend. Threading: any thread; blocks, on a virtual thread until it is interrupted at the latest. */
interface Probe {

    /** Looks; returns what is wrong, or nothing. */
    Optional<String> complaint(PooledBackend backend) throws IOException;

    /** A connection to where the backend is looked at: at its own address, if it is one of several of its name. */
    static Socket connect(PooledBackend backend) throws IOException {
        int port = backend.config().checkPort();
        Socket socket = new Socket();
        try {
            socket.connect(backend.config()
                    .address()
                    .map(address -> new InetSocketAddress(address, port))
                    .orElseGet(() -> new InetSocketAddress(backend.host(), port)));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
