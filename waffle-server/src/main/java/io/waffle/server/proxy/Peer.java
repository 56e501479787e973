// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.ClientCertFields;
import io.waffle.server.peer.Endpoints;
import io.waffle.server.tls.TlsChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a client connection: as its socket says, or a header of the PROXY protocol. Immutable, but for what its {@link HostCheck} remembers. */
final class Peer {

    private final Endpoints ends;
    private final byte[] text;
    private final byte @Nullable [] certificate;
    private final @Nullable HostCheck hosts;

    private Peer(Endpoints ends, byte @Nullable [] certificate, @Nullable HostCheck hosts) {
        this.ends = ends;
        this.text = ends.client().toString().getBytes(StandardCharsets.US_ASCII);
        this.certificate = certificate;
        this.hosts = hosts;
    }

    static Peer of(SocketChannel socket) throws IOException {
        if (socket.getRemoteAddress() instanceof InetSocketAddress remote
                && socket.getLocalAddress() instanceof InetSocketAddress local) {
            return of(new Endpoints(
                    ClientAddress.of(remote.getAddress()),
                    remote.getPort(),
                    ClientAddress.of(local.getAddress()),
                    local.getPort()));
        }
        throw new IOException("not a connection over IP: " + socket);
    }

    static Peer of(Endpoints ends) {
        return new Peer(ends, null, null);
    }

    /** The same behind a handshake in which some are asked for certificates. */
    Peer with(TlsChannel agreed) throws IOException {
        return new Peer(
                ends,
                agreed.clientPolicy().forwards() ? ClientCertFields.of(agreed.peerCertificates()) : null,
                new HostCheck(agreed));
    }

    /** For which hosts its requests may be; null if nobody was asked for a certificate when it came. */
    @Nullable
    HostCheck hosts() {
        return hosts;
    }

    /** What backends are told of its certificate; null if they are told nothing of any client's. Not to be changed. */
    byte @Nullable [] certificate() {
        return certificate;
    }

    ClientAddress address() {
        return ends.client();
    }

    /** The address literal, as it goes into X-Forwarded-For. Not to be changed. */
    byte[] text() {
        return text;
    }

    /** The port it connected to. */
    int port() {
        return ends.ownPort();
    }

    /** The ends of its connection, to tell a backend of. For another client that it speaks for, whose port nobody knows, that one is the end. */
    Endpoints endsFor(ClientAddress client) {
        return client.equals(ends.client()) ? ends : new Endpoints(client, 0, ends.own(), ends.ownPort());
    }
}
