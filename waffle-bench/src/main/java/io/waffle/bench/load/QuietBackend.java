// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** A backend that begins well and then says nothing more: what it answers, by path, is in {@link #answer}. A virtual thread for each connection. */
public final class QuietBackend {

    static final Program PROGRAM = new Program("QuietBackend", "--address H:P", QuietBackend::run);

    private static final String SOCKET = """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """.replace("\n", "\r\n");
    private static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nd\r\ndata: hello\n\n\r\n";
    private static final String ENDLESS =
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000000000\r\n\r\n";
    private static final String SMALL = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
    private static final int BACKLOG = 1000;
    private static final byte[] PIECE = new byte[16 << 10];

    private QuietBackend() {}

    public static void main(String[] args) {
        PROGRAM.main(args);
    }

    private static void run(Arguments args, InputStream in, PrintStream out) throws UsageException, IOException {
        var address = args.address("--address");
        try (ServerSocket server = new ServerSocket(address.getPort(), BACKLOG, address.getAddress())) {
            Thread.ofVirtual().start(() -> accept(server));
            Program.hold(in, out);
        }
    }

    private static void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                LockSupport.parkNanos(1_000_000); // closed, or short of descriptors for a moment
            }
        }
    }

    private static void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            var heads =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII), 256);
            for (String line; (line = heads.readLine()) != null; ) {
                String path = line.split(" ", -1)[1];
                while (!line.isEmpty()) {
                    line = String.valueOf(heads.readLine());
                }
                answer(path, client.getOutputStream());
            }
        } catch (IOException e) {
            // its client has gone, which ends it
        }
    }

    private static void answer(String path, OutputStream to) throws IOException {
        String head =
                switch (path) {
                    case "/socket" -> SOCKET;
                    case "/events" -> EVENTS;
                    case "/endless" -> ENDLESS;
                    default -> SMALL;
                };
        to.write(head.getBytes(StandardCharsets.US_ASCII));
        while (path.equals("/endless")) {
            to.write(PIECE);
        }
    }
}
