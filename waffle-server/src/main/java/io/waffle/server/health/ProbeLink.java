// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A connection to a backend that is looked at, by TCP or by a socket of this host, which the JDK knows by two kinds of classes. */
record ProbeLink(InputStream in, OutputStream out, Closeable socket) implements Closeable {

    static ProbeLink of(Socket socket) throws IOException {
        return new ProbeLink(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    /** Connects to a socket by its path. */
    static ProbeLink of(UnixDomainSocketAddress at) throws IOException {
        SocketChannel channel = SocketChannel.open(at);
        return new ProbeLink(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
    }

    /** The same with TLS over it, which goes with it. Only by TCP. */
    ProbeLink over(Secure tls, String host, int port) throws IOException {
        if (socket instanceof Socket plain) {
            return of(tls.over(plain, host, port));
        }
        throw new IOException("TLS is spoken by TCP only");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
