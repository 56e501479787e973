// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.discovery.Resolver;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/** Connects, and says nothing. */
final class TcpProbe implements Probe {

    private final Resolver resolver;

    TcpProbe(Resolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public Optional<String> complaint(PooledBackend backend) throws IOException {
        try (Socket socket = Probe.connect(backend, resolver)) {
            return Optional.empty();
        }
    }
}
