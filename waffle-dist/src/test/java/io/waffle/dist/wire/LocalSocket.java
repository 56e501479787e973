// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** A Unix domain socket that a test connects to. Its clients speak to a port, from which all goes on, so that they are those of every other test. */
final class LocalSocket implements AutoCloseable {

    private final Path path;
    private final ServerSocket front;

    LocalSocket(Path path) {
        this.path = path;
        try {
            front = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    RawClient client() {
        return RawClient.to(front.getLocalPort());
    }

    RawClient overTls(SSLContext context) {
        return RawClient.overTls(front.getLocalPort(), context);
    }

    /** Asks on a connection of its own. */
    Response get(String path) {
        try (RawClient client = client()) {
            return client.exchangeGet(path);
        }
    }

    /** Connects and leaves. */
    void connect() throws IOException {
        open().close();
    }

    private SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = front.accept();
                Thread.ofVirtual().start(() -> relay(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void relay(Socket client) {
        try (client;
                SocketChannel server = open()) {
            client.setTcpNoDelay(true);
            Thread down = Thread.ofVirtual().start(() -> {
                copy(() -> Channels.newInputStream(server), client::getOutputStream);
                quietly(client::shutdownOutput);
            });
            copy(client::getInputStream, () -> Channels.newOutputStream(server));
            quietly(server::shutdownOutput);
            down.join();
        } catch (IOException e) {
            // either has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Opening<S> {
        S open() throws IOException;
    }

    private interface Ending {
        void end() throws IOException;
    }

    private static void copy(Opening<InputStream> from, Opening<OutputStream> to) {
        quietly(() -> from.open().transferTo(to.open()));
    }

    private static void quietly(Ending ending) {
        try {
            ending.end();
        } catch (IOException e) {
            // either has gone
        }
    }

    @Override
    public void close() {
        quietly(front::close);
    }
}
