// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.http.HeadException;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.RequestHead;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A listener for those who only look: orchestrators and balancers in front, which ask an address that others can reach, too. It answers
 * {@code GET} and {@code HEAD} for the probes, tells nothing that is a secret, and changes nothing.
 *
 * <p>Whoever connects may be anybody, so nobody can keep others out: when there are as many connections as may be, the one that has been open
 * longest gives way, and a request has to be there within a few seconds. One answer to a connection, so that there is nothing to wait for behind it.
 *
 * <p>Threading: any thread.
 */
public final class ReadOnlyListener implements AutoCloseable {

    static final int MOST_CONNECTIONS = 64;

    private static final System.Logger LOG = System.getLogger("io.waffle.admin");

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LARGEST_HEAD = 8 * 1024;
    private static final HeadLimits LIMITS = new HeadLimits(2 * 1024, LARGEST_HEAD, 100);

    private final ServerSocket socket;
    private final AdminApi api;
    private final Deque<Socket> open = new ArrayDeque<>();

    private ReadOnlyListener(ServerSocket socket, AdminApi api) {
        this.socket = socket;
        this.api = api;
    }

    /**
     * Starts to listen.
     *
     * @param stopping whether a stop has been announced
     * @throws IOException if that cannot be
     */
    public static ReadOnlyListener start(
            InetSocketAddress address, Supplier<List<AdminPool>> pools, BooleanSupplier stopping) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, MOST_CONNECTIONS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        ReadOnlyListener listener = new ReadOnlyListener(socket, AdminApi.readOnly(new AdminPools(pools), stopping));
        Thread.ofPlatform().daemon().name("metrics listener").start(listener::accept);
        return listener;
    }

    /** Where it listens, with the port it has got. */
    public InetSocketAddress address() {
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }

    @Override
    public void close() {
        quietly(socket);
        synchronized (open) {
            open.forEach(ReadOnlyListener::quietly);
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                enter(client);
                Thread.ofVirtual().name("probe").start(() -> serve(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    pause(e);
                }
            }
        }
    }

    /** Too many open files, as a rule; that passes. */
    private static void pause(IOException e) {
        LOG.log(Level.DEBUG, "metrics.listen: a client could not be accepted: {0}", e.getMessage());
        try {
            Thread.sleep(100);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private void enter(Socket client) {
        synchronized (open) {
            if (open.size() == MOST_CONNECTIONS) {
                quietly(open.removeFirst());
            }
            open.addLast(client);
        }
    }

    private void serve(Socket client) {
        try (client) {
            answer(client);
            client.shutdownOutput();
        } catch (IOException e) {
            LOG.log(Level.TRACE, "metrics.listen: {0}", e.getMessage());
        } finally {
            synchronized (open) {
                open.remove(client);
            }
        }
    }

    private void answer(Socket client) throws IOException {
        RequestHead head = new RequestHead(LIMITS);
        Reply reply;
        boolean body = true;
        try {
            if (!read(client, head)) {
                return;
            }
            body = !head.isHead();
            reply = api.answer(call(head, client.getLocalPort()));
        } catch (HeadException e) {
            reply = Reply.error(e.status(), String.valueOf(e.getMessage()), Map.of());
        }
        write(client.getOutputStream(), reply, body);
    }

    /** Reads the head; false if the client has left before it was whole. */
    private static boolean read(Socket client, RequestHead head) throws IOException, HeadException {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST_HEAD + 1);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (head.parse(buffer, buffer.position()) < 0) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return false;
            }
            client.setSoTimeout((int) left);
            int n = client.getInputStream().read(buffer.array(), buffer.position(), buffer.remaining());
            if (n < 0) {
                return false;
            }
            buffer.position(buffer.position() + n);
        }
        return true;
    }

    private static Call call(RequestHead head, int port) {
        String[] target = head.path().split("\\?", 2);
        return new Call(
                head.isHead() ? "GET" : head.method(),
                target[0],
                target.length > 1 ? target[1] : "",
                name -> List.of(),
                () -> new byte[0],
                port);
    }

    private static void write(OutputStream to, Reply reply, boolean withBody) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder("HTTP/1.1 " + reply.status() + " \r\n");
        AdminListener.common().forEach((name, value) -> field(text, name, value));
        reply.fields().forEach((name, value) -> field(text, name, value));
        field(text, "Content-Length", Integer.toString(body.length));
        field(text, "Connection", "close");
        byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = java.util.Arrays.copyOf(head, head.length + (withBody ? body.length : 0));
        System.arraycopy(body, 0, all, head.length, all.length - head.length);
        to.write(all);
    }

    private static void field(StringBuilder to, String name, String value) {
        to.append(name).append(": ").append(value).append("\r\n");
    }

    private static void quietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.log(Level.TRACE, "closing: {0}", e.getMessage());
        }
    }
}
