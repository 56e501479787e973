// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A backend whose every byte a test decides. Each request is recorded when its head is there, then handed to the handler of the moment, on a
 * virtual thread per connection. A handler that throws, or closes, ends its connection. Any thread may ask.
 */
final class ScriptedBackend implements AutoCloseable {
    /** Reads the whole request and answers 200. */
    static final Handler OK = answering(200, "ok");

    private static final int BACKLOG = 2_000;

    private final ServerSocket server;
    private final String scheme;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<BackendConnection> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<BackendRequest> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Malformed> faults = new LinkedBlockingQueue<>();
    private volatile Handler handler = OK;

    private ScriptedBackend(ServerSocket server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        Thread.ofVirtual().name("backend " + server.getLocalPort()).start(this::accept);
    }

    /** Plays one request; the connection is kept for the next when it returns. */
    @FunctionalInterface
    interface Handler {
        void handle(BackendRequest request) throws Exception;
    }

    /** Reads the whole request and answers with this. */
    static Handler answering(int status, String text) {
        return request -> {
            request.readBody();
            request.connection().answer(status, text);
        };
    }

    static ScriptedBackend start() {
        return start(0);
    }

    /** At this port, which the process before it may just have left. */
    static ScriptedBackend start(int port) {
        try {
            return new ScriptedBackend(new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress()), "http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** At another loopback address, say {@code 127.0.0.2}. */
    static ScriptedBackend start(String address, int port) {
        try {
            return new ScriptedBackend(new ServerSocket(port, BACKLOG, InetAddress.ofLiteral(address)), "http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ScriptedBackend startTls(SSLContext context) {
        return startTls(context, false);
    }

    /** Perhaps one that wants to see a certificate. */
    static ScriptedBackend startTls(SSLContext context, boolean wantsCertificate) {
        try {
            var server = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            server.setNeedClientAuth(wantsCertificate);
            return new ScriptedBackend(server, "https");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** {@code http://127.0.0.1:port}. */
    String url() {
        return scheme + "://127.0.0.1:" + port();
    }

    /** Every request from now on is played by this handler. */
    ScriptedBackend on(Handler next) {
        handler = next;
        return this;
    }

    /** Every request from now on is read whole and answered with exactly these bytes. */
    ScriptedBackend answer(String bytes) {
        return on(request -> {
            request.readBody();
            request.connection().write(bytes);
        });
    }

    /** As {@link #answer}, then the connection is closed. */
    ScriptedBackend answerAndClose(String bytes) {
        return on(request -> {
            request.readBody();
            request.connection().write(bytes).close();
        });
    }

    /** Waits for the next request that nobody has taken yet. */
    BackendRequest next() {
        try {
            BackendRequest request = requests.poll(RawClient.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            if (request == null) {
                throw new AssertionError("no request came to " + url());
            }
            return request;
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Those nobody has taken yet, which are taken by this. */
    List<BackendRequest> taken() {
        List<BackendRequest> all = new ArrayList<>();
        requests.drainTo(all);
        return all;
    }

    /** What the proxy sent that is no proper HTTP/1.1 request; taken by this. */
    List<Malformed> faults() {
        List<Malformed> all = new ArrayList<>();
        faults.drainTo(all);
        return all;
    }

    /** Connections accepted so far. */
    int connections() {
        return accepted.get();
    }

    /** Back to the beginning, but for idle connections, which the proxy may still use: what is being played is cut off. */
    void forget() {
        handler = OK;
        for (BackendConnection connection : open) {
            if (!connection.isIdle()) {
                close(connection);
            }
        }
        requests.clear();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(ScriptedBackend::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                var connection = new BackendConnection(accepted.getAndIncrement(), socket);
                open.add(connection);
                Thread.ofVirtual().name("backend connection " + connection.id()).start(() -> serve(connection));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Whatever ends a connection ends only it: the test sees its consequence at the client. */
    private void serve(BackendConnection connection) {
        try (connection) {
            while (!connection.isClosed() && connection.reader().hasMore()) {
                connection.idle(false);
                handleOne(connection);
                connection.idle(true);
            }
        } catch (Malformed e) {
            faults.add(e);
        } catch (Exception e) {
            // A cut connection or a handler that gave up: see above.
        } finally {
            open.remove(connection);
        }
    }

    private void handleOne(BackendConnection connection) throws Exception {
        Head head = connection.reader().head();
        var request = new BackendRequest(head, connection, new CompletableFuture<>());
        requests.add(request);
        try {
            handler.handle(request);
        } catch (Exception | AssertionError e) {
            request.received().completeExceptionally(e);
            throw e;
        }
    }

    private static void close(BackendConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
