// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

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
            PlainChannel channel = connectAny(addresses(backend.host(), deadline), backend.port(), loop, deadline);
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

    /** The JDK remembers what it looked up for half a minute. */
    private static InetAddress[] addresses(String host, long deadline) throws IOException {
        return isLiteral(host)
                ? InetAddress.getAllByName(host)
                : Offload.LOOKUPS.call(() -> InetAddress.getAllByName(host), deadline);
    }

    /** An address needs no look-up. No name has a colon, and no top-level domain ends in a digit (RFC 3696 section 2). */
    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
    }
}
