// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.ClientCertFields;
import io.waffle.server.peer.Endpoints;
import io.waffle.server.tls.TlsChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a client connection: as its socket says, or a header of the PROXY protocol. Immutable, but for what its {@link HostCheck} remembers. */
final class Peer {

    /** As nginx writes it. */
    private static final String UNIX = "unix:";

    /** Whoever came by a Unix domain socket, where nobody has an address. */
    private static final Peer LOCAL = of(new Endpoints(ClientAddress.NONE, 0, ClientAddress.NONE, 0));

    /** In place of our own end, where there is none: of the kind the client's is. */
    private static final ClientAddress ANY_IPV4 = new ClientAddress(0, 0xFFFF_0000_0000L);

    private static final byte[] NOTHING = {};

    private final Endpoints ends;
    private final byte[] text;
    private final byte @Nullable [] certificate;
    private final @Nullable HostCheck hosts;

    private Peer(Endpoints ends, byte @Nullable [] certificate, @Nullable HostCheck hosts) {
        this.ends = ends;
        this.text = (isLocal() ? UNIX : ends.client().toString()).getBytes(StandardCharsets.US_ASCII);
        this.certificate = certificate;
        this.hosts = hosts;
    }

    static Peer of(SocketChannel socket) throws IOException {
        if (socket.getLocalAddress() instanceof UnixDomainSocketAddress) {
            return LOCAL;
        }
        if (socket.getRemoteAddress() instanceof InetSocketAddress remote
                && socket.getLocalAddress() instanceof InetSocketAddress local) {
            return of(new Endpoints(
                    ClientAddress.of(remote.getAddress()),
                    remote.getPort(),
                    ClientAddress.of(local.getAddress()),
                    local.getPort()));
        }
        throw new IOException("neither a connection over IP nor of a Unix domain socket: " + socket);
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

    /** Whether it has no address. */
    boolean isLocal() {
        return address().equals(ClientAddress.NONE);
    }

    /** The address literal, as people read it; {@code unix:} for one without an address. Not to be changed. */
    byte[] text() {
        return text;
    }

    /** The address literal, as it goes into X-Forwarded-For; empty for one without an address. Not to be changed. */
    byte[] literal() {
        return isLocal() ? NOTHING : text;
    }

    /** The port it connected to; 0 if it has none. */
    int port() {
        return ends.ownPort();
    }

    /**
     * The ends of its connection, to tell a backend of. For another client that it speaks for, whose port nobody knows, that one is the end. Null if they
     * are not known, as those of one without an address.
     */
    @Nullable
    Endpoints endsFor(ClientAddress client) {
        if (client.equals(ends.client())) {
            return isLocal() ? null : ends;
        }
        ClientAddress own = isLocal() && client.isIPv4() ? ANY_IPV4 : ends.own();
        return new Endpoints(client, 0, own, ends.ownPort());
    }

    @Override
    public String toString() {
        return new String(text, StandardCharsets.US_ASCII);
    }
}
