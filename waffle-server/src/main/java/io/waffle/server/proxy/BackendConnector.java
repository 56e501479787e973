// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.ClientTls;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Offload;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.loop.TlsChannel;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Opens connections to backends: looks the name up, off the loops, and tries its addresses in turn, with TLS where the URL says https. */
final class BackendConnector {

    private final ClientTls tls;

    BackendConnector(ClientTls tls) {
        this.tls = tls;
    }

    boolean isLike(BackendConnector other) {
        return tls == other.tls;
    }

    Channel connect(PooledBackend backend, Loop loop, long deadline) throws ExchangeException {
        try {
            PlainChannel channel = connectAny(addresses(backend, deadline), backend.port(), loop, deadline);
            return backend.tls() ? handshake(channel, backend, deadline) : channel;
        } catch (DeadlineException e) {
            throw ExchangeException.of(Fault.CONNECT_TIMEOUT, e);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CONNECT_FAILED, e);
        }
    }

    private static PlainChannel connectAny(InetAddress[] addresses, int port, Loop loop, long deadline)
            throws IOException {
        IOException last = new UnknownHostException("no address");
        for (InetAddress address : addresses) {
            try {
                return PlainChannel.connect(new InetSocketAddress(address, port), loop, deadline);
            } catch (DeadlineException e) {
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

    private static InetAddress[] addresses(PooledBackend backend, long deadline) throws IOException {
        BackendConfig config = backend.config();
        if (config.address().isPresent()) {
            return new InetAddress[] {config.address().get()};
        }
        String host = backend.host();
        return config.isLiteral()
                ? InetAddress.getAllByName(host)
                : Offload.LOOKUPS.call(() -> InetAddress.getAllByName(host), deadline);
    }
}
