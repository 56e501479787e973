// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.ConnectionContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gets hold of the sockets Helidon accepts. It configures each with the options it was given, by a public method of theirs; these options
 * remember the socket until its connection claims it.
 *
 * <p>Threading: sockets come from the accepting thread and are claimed by the connection's thread.
 */
final class AcceptedSockets implements SocketOptions {

    /** Sockets wait here for microseconds; more than this means that some were never claimed. */
    private static final int SWEEP_ABOVE = 1024;

    private record Ends(SocketAddress remote, SocketAddress local) {}

    private final SocketOptions options =
            SocketOptions.builder().tcpNoDelay(true).socketKeepAlive(true).build();
    private final Map<Ends, SocketChannel> waiting = new ConcurrentHashMap<>();

    @Override
    public void configureSocket(SocketChannel socket) {
        options.configureSocket(socket);
        try {
            waiting.put(new Ends(socket.getRemoteAddress(), socket.getLocalAddress()), socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (waiting.size() > SWEEP_ABOVE) {
            waiting.values().removeIf(other -> !other.isOpen());
        }
    }

    SocketChannel claim(ConnectionContext context) {
        Ends ends = new Ends(context.remotePeer().address(), context.localPeer().address());
        SocketChannel socket = waiting.remove(ends);
        if (socket == null) {
            throw new IllegalStateException("a connection from " + ends.remote + " that was never accepted");
        }
        return socket;
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return options.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return options.connectTimeout();
    }

    @Override
    public Duration readTimeout() {
        return options.readTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return options.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return options.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return options.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return options.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return options.tcpNoDelay();
    }
}
