// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.ClientTls;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.ServerTls;
import io.waffle.server.pool.Pool;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The listener: Helidon accepts, bounds the number of connections and stops gracefully; each connection is served by our own engine on a loop.
 */
public final class ProxyListener implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final Loops loops;
    private final Proxy proxy;
    private final AcceptedSockets accepted = new AcceptedSockets();
    private final WebServer server;
    private final InetSocketAddress address;

    private ProxyListener(
            WaffleConfig config,
            InetSocketAddress address,
            Pool pool,
            Loops loops,
            Optional<ServerTls> tls,
            ClientTls backendTls,
            HttpDate date,
            int maxConnections) {
        this.loops = loops;
        this.address = address;
        this.proxy = new Proxy(config, pool, loops, tls, backendTls, date);
        this.server = WebServer.builder()
                .bindAddress(address)
                .backlog(BACKLOG)
                .maxTcpConnections(maxConnections)
                .connectionOptions(accepted)
                .addConnectionSelector(new Selector())
                .protocolsDiscoverServices(false)
                .featuresDiscoverServices(false)
                .shutdownHook(false)
                .shutdownGracePeriod(config.timeouts().drain())
                .idleConnectionPeriod(Duration.ofHours(1)) // the loops keep the deadlines
                .build();
    }

    /**
     * Starts to listen.
     *
     * @param maxConnections how many client connections are served at once; more wait in the backlog
     * @throws java.io.UncheckedIOException if the address cannot be bound
     */
    public static ProxyListener start(
            WaffleConfig config,
            InetSocketAddress address,
            Pool pool,
            Loops loops,
            Optional<ServerTls> tls,
            ClientTls backendTls,
            HttpDate date,
            int maxConnections) {
        ProxyListener listener = new ProxyListener(config, address, pool, loops, tls, backendTls, date, maxConnections);
        listener.server.start();
        if (!listener.server.isRunning()) {
            // Helidon logs why, and returns.
            listener.proxy.close();
            throw new UncheckedIOException(
                    new BindException("the port is in use or not allowed, or the address is not of this machine"));
        }
        return listener;
    }

    /** Where it listens, with the port it has got. */
    public InetSocketAddress address() {
        return new InetSocketAddress(address.getAddress(), server.port());
    }

    /** Stops accepting, lets what is in flight end within the drain deadline, and closes the rest. Waits for it. */
    @Override
    public void close() {
        server.stop();
        proxy.close();
    }

    /** Helidon has closed the listening socket. Clients are told to go only when nobody can come any more, or they would come back to be lost. */
    private void drain() {
        if (!proxy.isDraining()) {
            accepted.awaitEnd();
            proxy.drain();
        }
    }

    /** The only selector of the listener, so Helidon hands every connection over without reading from it. */
    private final class Selector implements ServerConnectionSelector {

        @Override
        public int bytesToIdentifyConnection() {
            return 0;
        }

        @Override
        public Support supports(BufferData data) {
            return Support.SUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return Set.of();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            SocketChannel socket = accepted.claim(context);
            return new ServedConnection(
                    new ClientConnection(proxy, socket, loops.leastBusy()), ProxyListener.this::drain);
        }
    }
}
