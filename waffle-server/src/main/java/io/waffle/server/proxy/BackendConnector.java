// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.ClientTls;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.loop.ShortageException;
import io.waffle.server.loop.TlsChannel;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Opens connections to backends: looks the name up, off the loops, and tries its addresses in turn, with TLS where the URL says https. */
final class BackendConnector {

    private final ClientTls tls;
    private final Resolver resolver;

    BackendConnector(ClientTls tls, Resolver resolver) {
        this.tls = tls;
        this.resolver = resolver;
    }

    boolean isLike(BackendConnector other) {
        return tls == other.tls && resolver == other.resolver;
    }

    Channel connect(PooledBackend backend, Loop loop, long deadline) throws ExchangeException {
        try {
            PlainChannel channel = connectAny(addresses(backend, deadline), backend.port(), loop, deadline);
            return backend.tls() ? handshake(channel, backend, deadline) : channel;
        } catch (DeadlineException e) {
            throw ExchangeException.of(Fault.CONNECT_TIMEOUT, e);
        } catch (ShortageException e) {
            throw ExchangeException.of(Fault.SHORTAGE, e);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CONNECT_FAILED, e);
        }
    }

    private static PlainChannel connectAny(List<InetAddress> addresses, int port, Loop loop, long deadline)
            throws IOException {
        IOException last = new UnknownHostException("no address");
        for (InetAddress address : addresses) {
            try {
                return PlainChannel.connect(new InetSocketAddress(address, port), loop, deadline);
            } catch (DeadlineException | ShortageException e) {
                throw e;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private Channel handshake(PlainChannel channel, PooledBackend backend, long deadline) throws IOException {
        try {
            TlsChannel secured = TlsChannel.client(channel, tls, backend.host(), backend.port());
            secured.handshake(deadline);
            return secured;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private List<InetAddress> addresses(PooledBackend backend, long deadline) throws IOException {
        BackendConfig config = backend.config();
        return config.address().isPresent()
                ? List.of(config.address().get())
                : resolver.addresses(config.host(), deadline);
    }
}
