// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.Deadline;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Connects, and says nothing of HTTP. */
public final class TcpProbe implements Probe {

    private final Resolver resolver;
    private final ToIntFunction<BackendConfig> port;
    private final int proxyVersion;
    private final Duration limit;

    /**
     * Looks at a port.
     *
     * @param port which of a backend's
     * @param proxyVersion of the PROXY protocol, by which it says that it is for no client; 0 for none
     * @param limit what looking up its name and connecting may take together
     */
    public TcpProbe(Resolver resolver, ToIntFunction<BackendConfig> port, int proxyVersion, Duration limit) {
        this.resolver = resolver;
        this.port = port;
        this.proxyVersion = proxyVersion;
        this.limit = limit;
    }

    @Override
    public Optional<String> complaint(PooledBackend backend) throws IOException {
        try (ProbeLink link = Probe.connect(
                backend.config(), port.applyAsInt(backend.config()), resolver, proxyVersion, Deadline.in(limit))) {
            return Optional.empty();
        }
    }
}
