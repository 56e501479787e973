// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.HealthConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.Deadline;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A request that must be answered by a status, and if wanted a body, of a backend that is well.
 *
 * <p>On a plain socket, since no client of the JDK's connects to one address of a name and still asks for the name, and with the parser the
 * traffic is read by: what cannot be read there is not well.
 */
final class HttpProbe implements Probe {

    private final HealthConfig config;
    private final Secure tls;
    private final Resolver resolver;
    private final int proxyVersion;

    /**
     * Asks as configured.
     *
     * @param tls how {@code https} backends are trusted; not used before the first of them, since its trust store takes a while to load
     * @param proxyVersion of the PROXY protocol, by which it says that it is for no client; 0 for none
     */
    HttpProbe(HealthConfig config, Secure tls, Resolver resolver, int proxyVersion) {
        this.config = config;
        this.tls = tls;
        this.resolver = resolver;
        this.proxyVersion = proxyVersion;
    }

    @Override
    public Optional<String> complaint(PooledBackend backend) throws IOException {
        try (ProbeLink plain = connect(backend.config());
                ProbeLink link = backend.tls() ? plain.over(tls, backend.host(), backend.port()) : plain) {
            link.out().write(request(backend).getBytes(StandardCharsets.ISO_8859_1));
            ProbeAnswer answer = ProbeAnswer.read(link.in(), config.method().equals("HEAD"));
            // The head mostly says enough, and a body without end must not hold up the checks.
            if (!config.statuses().contains(answer.status())) {
                return Optional.of("status " + answer.status());
            }
            if (config.body().isPresent() && !answer.contains(config.body().get())) {
                return Optional.of("a body without '" + config.body().get() + "'");
            }
            return Optional.empty();
        }
    }

    private ProbeLink connect(BackendConfig backend) throws IOException {
        return Probe.connect(backend, backend.checkPort(), resolver, proxyVersion, Deadline.in(config.timeout()));
    }

    /** What requests to it say that do not say what their client said; another port only if checks go to another. */
    private static String host(PooledBackend backend) {
        return backend.config().healthPort().isEmpty()
                ? new String(backend.authority(), StandardCharsets.ISO_8859_1)
                : backend.config().host().bracketed() + ":" + backend.config().checkPort();
    }

    private String request(PooledBackend backend) {
        return config.method() + " " + path(config, backend.config()) + " HTTP/1.1\r\nHost: "
                + config.host().orElseGet(() -> host(backend))
                + "\r\nUser-Agent: waffle-health\r\nConnection: close\r\n\r\n";
    }

    /** One of the backend's own is taken as it is; that of all goes behind the prefix of its URL. */
    static String path(HealthConfig config, BackendConfig backend) {
        return backend.healthPath()
                .orElseGet(() -> backend.path() + config.path().orElseThrow());
    }
}
