// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/** A server on loopback that answers every request as it is told to, and keeps the request lines. */
final class LoopbackServer implements AutoCloseable {

    /** In place of a status: reads the request, and says nothing. */
    static final int SILENT = 0;

    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private volatile String body = "Content-Length: 2\r\n\r\nOK";

    LoopbackServer(ServerSocketFactory factory) throws IOException {
        socket = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    LoopbackServer() throws IOException {
        this(ServerSocketFactory.getDefault());
    }

    int port() {
        return socket.getLocalPort();
    }

    void answer(int newStatus) {
        status = newStatus;
    }

    void answerWithoutEnd() {
        body = "Content-Length: 1000000\r\n\r\nthe rest never comes";
    }

    /** How many requests nobody has asked for yet. */
    int untaken() {
        return requests.size();
    }

    /** The next request line; fails if there is none for long. */
    String request() throws InterruptedException {
        String line = requests.poll(20, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no request came");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket one : open) {
            one.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket accepted = socket.accept();
                open.add(accepted);
                Thread.ofVirtual().start(() -> serve(accepted));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try {
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            for (String first = reader.readLine(); first != null; first = reader.readLine()) {
                String line = first;
                while (line != null && !line.isEmpty()) {
                    line = reader.readLine();
                }
                int now = status;
                requests.add(first);
                if (now != SILENT) {
                    OutputStream out = connection.getOutputStream();
                    out.write(("HTTP/1.1 " + now + " Told\r\n" + body).getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
            }
        } catch (IOException e) {
            // the other side left
        }
    }
}
