// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.Host;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.loop.ShortageException;
import io.waffle.server.peer.Endpoints;
import io.waffle.server.peer.ProxyHeader;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.tls.ClientTls;
import io.waffle.server.tls.TlsChannel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Opens connections to backends: looks the name up, off the loops, and tries its addresses in turn, with TLS where the URL says https. */
final class BackendConnector {

    private final ClientTls tls;
    private final Resolver resolver;
    private final int proxyVersion;

    /** @param proxyVersion of the PROXY protocol, by which each connection says whom it is for; 0 if none does */
    BackendConnector(ClientTls tls, Resolver resolver, int proxyVersion) {
        this.tls = tls;
        this.resolver = resolver;
        this.proxyVersion = proxyVersion;
    }

    boolean isLike(BackendConnector other) {
        return tls == other.tls && resolver == other.resolver && proxyVersion == other.proxyVersion;
    }

    /** Whether a connection is for the client only whom it was made for. */
    boolean introducesClients() {
        return proxyVersion > 0;
    }

    /**
     * A connection to any of its addresses. Each has its share of the time that is left, for connecting and for its handshake, so that one that
     * is silent does not take the others' chance.
     *
     * @param watch the client who waits for it; once he leaves nobody does. Null for none
     * @param ends of the client's connection; null if they are not known
     */
    Channel connect(
            PooledBackend backend, Loop loop, long deadline, @Nullable ClientWatch watch, @Nullable Endpoints ends)
            throws ExchangeException {
        try {
            List<? extends SocketAddress> addresses = places(backend, deadline, watch);
            IOException last = new UnknownHostException("no address");
            for (int left = addresses.size(); left > 0; left--) {
                SocketAddress address = addresses.get(addresses.size() - left);
                long now = Deadline.now();
                try {
                    return open(backend, address, loop, now + (deadline - now) / left, watch, ends);
                } catch (ClientGoneException | ShortageException e) {
                    throw e;
                } catch (IOException e) {
                    last = e;
                }
            }
            throw last;
        } catch (ClientGoneException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        } catch (DeadlineException | SocketTimeoutException e) {
            throw ExchangeException.of(Fault.CONNECT_TIMEOUT, e);
        } catch (ShortageException e) {
            throw ExchangeException.of(Fault.SHORTAGE, e);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CONNECT_FAILED, e);
        }
    }

    private Channel open(
            PooledBackend backend,
            SocketAddress at,
            Loop loop,
            long deadline,
            @Nullable ClientWatch watch,
            @Nullable Endpoints ends)
            throws IOException {
        PlainChannel plain = PlainChannel.connect(at, loop, deadline, watch);
        try {
            if (introducesClients()) {
                plain.write(ByteBuffer.wrap(ProxyHeader.ofClient(proxyVersion, ends)));
            }
            if (!backend.tls()) {
                return plain;
            }
            TlsChannel secured = TlsChannel.client(plain, tls, backend.host(), backend.port());
            secured.bystander(watch);
            secured.handshake(deadline);
            secured.bystander(null);
            return secured;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private List<? extends SocketAddress> places(PooledBackend backend, long deadline, @Nullable ClientWatch watch)
            throws IOException, ExchangeException {
        if (backend.config().host() instanceof Host.LocalSocket socket) {
            return List.of(UnixDomainSocketAddress.of(socket.text()));
        }
        return addresses(backend, deadline, watch).stream()
                .map(address -> new InetSocketAddress(address, backend.port()))
                .toList();
    }

    private List<InetAddress> addresses(PooledBackend backend, long deadline, @Nullable ClientWatch watch)
            throws IOException, ExchangeException {
        BackendConfig config = backend.config();
        if (config.address().isPresent()) {
            return List.of(config.address().get());
        }
        return watch == null || config.host() instanceof Host.Address
                ? resolver.addresses(config.host(), deadline)
                : lookUp(config.host(), deadline, watch);
    }

    /** Looks the name up on a thread of its own, so that this one can watch the client. */
    private List<InetAddress> lookUp(Host host, long deadline, ClientWatch watch)
            throws IOException, ExchangeException {
        Channel client = watch.channel();
        FutureTask<List<InetAddress>> look = new FutureTask<>(() -> resolver.addresses(host, deadline));
        Thread.ofVirtual().start(() -> {
            look.run();
            client.poke();
        });
        while (!look.isDone() && !Deadline.passed(deadline)) {
            watch.await(deadline);
        }
        if (!look.isDone()) {
            throw new SocketTimeoutException("the name could not be looked up in time");
        }
        try {
            return look.get();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }
}
