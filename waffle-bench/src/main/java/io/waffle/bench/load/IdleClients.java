// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Keep-alive clients that ask once and then stay. They come from many source addresses: one has ports for some 28,000 only, and those that
 * the clients of a minute ago had are not free again.
 */
public final class IdleClients {

    static final Program PROGRAM =
            new Program("IdleClients", "--address H:P --connections N [--path P]", IdleClients::run);

    private static final int PER_SOURCE = 1_000;
    private static final int BUFFER = 16 << 10;

    private IdleClients() {}

    public static void main(String[] args) {
        PROGRAM.main(args);
    }

    private static void run(Arguments args, InputStream in, PrintStream out) throws UsageException, IOException {
        InetSocketAddress address = args.address("--address");
        int connections = args.number("--connections", 1, 100_000);
        ByteBuffer request = Target.get(args.text("--path", "/"), "127.0.0.1:" + address.getPort(), "");
        List<SocketChannel> clients = new ArrayList<>();
        try {
            ByteBuffer buf = ByteBuffer.allocateDirect(BUFFER);
            for (int i = 0; i < connections; i++) {
                SocketChannel client = SocketChannel.open();
                clients.add(client);
                client.bind(new InetSocketAddress(source(i), 0));
                client.connect(address);
                ask(client, request, buf);
            }
            Program.hold(in, out);
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    /** From 127.0.0.2 on. */
    static InetAddress source(int client) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (2 + client / PER_SOURCE)});
    }

    private static void ask(SocketChannel client, ByteBuffer request, ByteBuffer buf) throws IOException {
        Wire.writeAll(client, request.duplicate());
        var scanner = new ResponseScanner();
        do {
            buf.clear();
            if (client.read(buf) < 0) {
                throw new EOFException("closed by the server");
            }
            buf.flip();
        } while (!scanner.take(buf));
        if (scanner.failed() || scanner.closes()) {
            throw new IOException("not answered on a connection that stays");
        }
    }
}
