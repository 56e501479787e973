// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.Deadline;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Connects, and says nothing. */
public final class TcpProbe implements Probe {

    private final Resolver resolver;
    private final ToIntFunction<BackendConfig> port;
    private final Duration limit;

    /**
     * Looks at a port.
     *
     * @param port which of a backend's
     * @param limit what looking up its name and connecting may take together
     */
    public TcpProbe(Resolver resolver, ToIntFunction<BackendConfig> port, Duration limit) {
        this.resolver = resolver;
        this.port = port;
        this.limit = limit;
    }

    @Override
    public Optional<String> complaint(PooledBackend backend) throws IOException {
        try (Socket socket =
                Probe.connect(backend.config(), port.applyAsInt(backend.config()), resolver, Deadline.in(limit))) {
            return Optional.empty();
        }
    }
}
