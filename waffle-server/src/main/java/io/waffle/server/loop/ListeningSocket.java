// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/** The socket of a listener, at an address of the network or at a path. Threading: any thread. */
public final class ListeningSocket {

    private final ServerSocketChannel channel;
    private final SocketAddress address;

    /** Which is ours to remove; null if there is none. */
    private final @Nullable SocketFile file;

    private ListeningSocket(ServerSocketChannel channel, SocketAddress address, @Nullable SocketFile file) {
        this.channel = channel;
        this.address = address;
        this.file = file;
    }

    /**
     * One that listens at the address, in non-blocking mode: handed over by whoever started the process, or else bound now.
     *
     * @param mode of the file of a Unix domain socket, as chmod(2) takes it, where it is bound now
     * @param backlog how many clients the host accepts ahead of us, where it is bound now
     * @throws IOException if the address cannot be had, or what was handed over is another's
     */
    public static ListeningSocket open(SocketAddress address, int mode, int backlog) throws IOException {
        ServerSocketChannel handed = HandedSocket.take();
        if (handed != null) {
            return new ListeningSocket(checked(handed, address), at(handed, address), null);
        }
        ServerSocketChannel socket = address instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                : ServerSocketChannel.open();
        try {
            socket.configureBlocking(false);
            if (address instanceof UnixDomainSocketAddress local) {
                return new ListeningSocket(socket, address, SocketFile.listen(socket, local.getPath(), mode, backlog));
            }
            socket.setOption(
                    StandardSocketOptions.SO_REUSEADDR, true); // of connections that are long over, not of listeners
            socket.bind(address, backlog);
            return new ListeningSocket(socket, at(socket, address), null);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** The same, with the port that the host may have chosen. */
    private static SocketAddress at(ServerSocketChannel socket, SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? new InetSocketAddress(inet.getAddress(), socket.socket().getLocalPort())
                : address;
    }

    private static ServerSocketChannel checked(ServerSocketChannel handed, SocketAddress address) throws IOException {
        handed.configureBlocking(false);
        SocketAddress at = handed.getLocalAddress();
        if (at == null) {
            throw new BindException("the socket that was handed over does not listen");
        }
        if (!isThat(at, address)) {
            throw new BindException("the socket that was handed over listens on " + text(at));
        }
        return handed;
    }

    private static String text(SocketAddress at) {
        return at instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : "unix:" + at;
    }

    private static boolean isThat(SocketAddress one, SocketAddress other) {
        if (one instanceof InetSocketAddress inet && other instanceof InetSocketAddress wanted) {
            return isThat(inet, wanted);
        }
        return one.equals(other);
    }

    /** All addresses of this host are one, whether IPv4 has them or IPv6. */
    private static boolean isThat(InetSocketAddress one, InetSocketAddress other) {
        boolean everywhere =
                one.getAddress().isAnyLocalAddress() && other.getAddress().isAnyLocalAddress();
        return one.getPort() == other.getPort()
                && (everywhere || one.getAddress().equals(other.getAddress()));
    }

    /** What accepts. */
    public ServerSocketChannel channel() {
        return channel;
    }

    /** Where it listens, with the port it has got. */
    public SocketAddress address() {
        return address;
    }

    /** Gives the file of a Unix domain socket this mode; without one it does nothing. */
    public void mode(int mode) throws IOException {
        if (file != null) {
            file.mode(mode);
        }
    }

    /** Removes the file of a Unix domain socket, unless another has come to its place: nobody finds it any more. Who has come already can be accepted. */
    public void hide() throws IOException {
        if (file != null) {
            file.remove();
        }
    }
}
