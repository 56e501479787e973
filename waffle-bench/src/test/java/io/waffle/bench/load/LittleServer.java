// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import javax.net.ServerSocketFactory;

/** Answers requests without content as it is told, a virtual thread for each connection. Any thread may ask it what came. */
final class LittleServer implements AutoCloseable {

    static final String OK = "HTTP/1.1 200 OK\r\nServer: little\r\nContent-Length: 5\r\n\r\nhello";

    private final ServerSocket server;
    private final IntFunction<String> answers;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> heads = new ConcurrentLinkedQueue<>();

    private LittleServer(ServerSocket server, IntFunction<String> answers) {
        this.server = server;
        this.answers = answers;
        Thread.ofVirtual().start(this::accept);
    }

    /** Gives the answer to each request by its number, from 1; an empty one closes the connection. */
    static LittleServer answering(IntFunction<String> answers) throws IOException {
        return answering(answers, ServerSocketFactory.getDefault());
    }

    static LittleServer answering(IntFunction<String> answers, ServerSocketFactory factory) throws IOException {
        return new LittleServer(factory.createServerSocket(0, 100, InetAddress.getLoopbackAddress()), answers);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    int requests() {
        return requests.get();
    }

    int accepted() {
        return accepted.get();
    }

    /** The sockets of clients that have not gone. */
    Set<Socket> open() {
        return open;
    }

    /** The lines of each request, without their ends. */
    Queue<String> heads() {
        return heads;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String head = head(in);
            while (!head.isEmpty()) {
                heads.add(head);
                String answer = answers.apply(requests.incrementAndGet());
                if (answer.isEmpty()) {
                    return;
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                head = answer.contains("Connection: close") ? "" : head(in);
            }
        } catch (IOException e) {
            // The client has gone, and the test sees that by itself.
        } finally {
            open.remove(socket);
        }
    }

    /** The lines up to the empty one; nothing at the end of the connection. */
    private static String head(BufferedReader in) throws IOException {
        var head = new StringBuilder();
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            head.append(line).append('\n');
            line = in.readLine();
        }
        return line == null ? "" : head.toString();
    }
}
