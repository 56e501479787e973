// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The listener of the admin API, on a loopback address. Nothing here is on the road of a request, so it is Helidon's web server: few
 * connections, small heads and bodies, and no page of its own.
 *
 * <p>Threading: any thread.
 */
public final class AdminListener implements AutoCloseable {

    private static final int MOST_CONNECTIONS = 16;

    /** So many more are accepted, so that somebody who is new is there to have others give way. */
    private static final int LEAVING = 48;

    private static final int LARGEST_BODY = 1024 * 1024;

    /** What a connection may take from one answer to the next, idle or not. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOKS = Duration.ofSeconds(2);
    private static final Duration CLOSE_WAIT = Duration.ofMillis(500);

    private final WebServer server;
    private final InetAddress host;
    private final AdminApi api;
    private final BoundedConnections connections = new BoundedConnections(PATIENCE, MOST_CONNECTIONS);

    private AdminListener(InetSocketAddress address, Administered of, Supplier<Optional<Token>> token) {
        host = address.getAddress();
        api = AdminApi.of(of, new Gate(token), InstantSource.system());
        server = WebServer.builder()
                .address(host)
                .port(address.getPort())
                .shutdownHook(false)
                .shutdownGracePeriod(CLOSE_WAIT)
                .maxTcpConnections(BoundedConnections.mostFresh(MOST_CONNECTIONS) + LEAVING)
                .maxPayloadSize(LARGEST_BODY)
                .idleConnectionTimeout(PATIENCE)
                .idleConnectionPeriod(LOOKS)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(connections)
                .directHandlers(AdminListener::refuseInJson)
                .routing(routing -> routing.any(this::serve))
                .build();
    }

    /**
     * Starts to listen.
     *
     * @param address of a loopback interface
     * @param of what there is to look at and to change
     * @param token who may change something, at the time of asking
     * @throws IOException if that cannot be
     */
    public static AdminListener start(InetSocketAddress address, Administered of, Supplier<Optional<Token>> token)
            throws IOException {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            throw new IOException("it is no loopback address");
        }
        probe(address);
        AdminListener listener = new AdminListener(address, of, token);
        listener.server.start();
        if (!listener.server.isRunning()) { // it throws nothing
            throw new IOException("its server does not start");
        }
        return listener;
    }

    /** Helidon logs pages of what is one line. */
    private static void probe(InetSocketAddress address) throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address);
        }
    }

    /** Where it listens, with the port it has got. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, server.port());
    }

    @Override
    public void close() {
        server.stop();
    }

    /** Helidon says that it will close a connection, and does not. */
    private void serve(ServerRequest request, ServerResponse response) {
        Reply reply = connections.answering(() -> api.answer(call(request)));
        if (request.content().hasEntity() && !request.content().consumed()) {
            content(request); // or the connection could not go on
        }
        response.status(Status.create(reply.status()));
        common().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        reply.fields().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        response.send(reply.body().getBytes(StandardCharsets.UTF_8));
        if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            throw new CloseConnectionException("as the client wishes");
        }
    }

    private Call call(ServerRequest request) {
        return new Call(
                request.prologue().method().text(),
                request.prologue().uriPath().rawPath(),
                request.prologue().query().rawValue(),
                name -> request.headers().all(HeaderNames.create(name), List::of),
                () -> connections.waiting(() -> content(request)),
                request.localPeer().port());
    }

    private static byte[] content(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream in = request.content().inputStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fields of every answer. */
    static Map<String, String> common() {
        return Map.of(
                "Content-Type", "application/json",
                "Cache-Control", "no-store",
                "X-Content-Type-Options", "nosniff");
    }

    /** What Helidon refuses by itself looks like what is refused here. */
    private static void refuseInJson(DirectHandlers.Builder handlers) {
        for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
            handlers.addHandler(event, (request, type, status, headers, message) -> {
                Reply reply = Reply.error(status.code(), error(status, message), Map.of());
                ServerResponseHeaders fields = ServerResponseHeaders.create();
                common().forEach((name, value) -> fields.set(HeaderNames.create(name), value));
                return DirectHandler.TransportResponse.builder()
                        .status(status)
                        .headers(fields)
                        .entity(reply.body().getBytes(StandardCharsets.UTF_8))
                        .build();
            });
        }
    }

    private static String error(Status status, String message) {
        if (status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()) {
            return "body: too large (expected: at most " + LARGEST_BODY + " bytes)";
        }
        return status.reasonPhrase() + (message == null || message.isEmpty() ? "" : ": " + message);
    }
}
