// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * The least a proxy can do: bytes copied between a client's connection and one of its own to a backend, by turns, with nothing looked at. Two
 * loops have the connections between them, the first accepts. What it costs is the floor under every proxy that copies.
 */
public final class PassThrough {

    static final Program PROGRAM = new Program("PassThrough", "--listen H:P --to H:P,H:P,H:P", PassThrough::run);

    private static final int BACKLOG = 4096;

    private final ServerSocketChannel listener;
    private final List<InetSocketAddress> backends;
    private final CopyLoop[] loops;
    private int accepted;

    private PassThrough(ServerSocketChannel listener, List<InetSocketAddress> backends) throws IOException {
        this.listener = listener;
        this.backends = backends;
        loops = new CopyLoop[] {CopyLoop.start("loop 0"), CopyLoop.start("loop 1")};
    }

    public static void main(String[] args) {
        PROGRAM.main(args);
    }

    private static void run(Arguments args, InputStream in, PrintStream out) throws UsageException, IOException {
        InetSocketAddress address = args.address("--listen");
        List<InetSocketAddress> backends = args.addresses("--to");
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(address, BACKLOG).configureBlocking(false);
            var proxy = new PassThrough(listener, backends);
            proxy.loops[0].watch(listener, SelectionKey.OP_ACCEPT, proxy::accept);
            Program.hold(in, out);
            for (CopyLoop loop : proxy.loops) {
                loop.close();
            }
        }
    }

    private void accept(SelectionKey key) throws IOException {
        SocketChannel client = listener.accept();
        if (client == null) {
            return;
        }
        int number = accepted++;
        SocketChannel backend;
        try {
            backend = SocketChannel.open(backends.get(number % backends.size()));
        } catch (IOException e) {
            client.close(); // this client is told so, the others stay
            return;
        }
        for (SocketChannel channel : List.of(client, backend)) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        loops[number % loops.length].copy(client, backend);
    }
}
