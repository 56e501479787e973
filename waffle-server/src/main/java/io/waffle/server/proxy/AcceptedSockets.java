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
import org.jspecify.annotations.Nullable;

/**
 * Gets hold of the sockets Helidon accepts. It configures each with the options it was given, by a public method of theirs; these options
 * remember the socket until its connection claims it.
 *
 * <p>Threading: sockets come from the accepting thread and are claimed by the connection's thread.
 */
final class AcceptedSockets implements SocketOptions {

    /** Sockets wait here for microseconds; more than this means that some were never claimed. */
    private static final int SWEEP_ABOVE = 1024;

    /** It ends at once, unless it waits for a connection to end because there are as many as there may be; then nothing is accepted anyway. */
    private static final Duration END_WAIT = Duration.ofSeconds(1);

    private record Ends(SocketAddress remote, SocketAddress local) {}

    private final SocketOptions options =
            SocketOptions.builder().tcpNoDelay(true).socketKeepAlive(true).build();
    private final Map<Ends, SocketChannel> waiting = new ConcurrentHashMap<>();
    private volatile @Nullable Thread accepting;

    @Override
    public void configureSocket(SocketChannel socket) {
        accepting = Thread.currentThread();
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

    /**
     * Waits for the accepting thread to end, once its socket was closed: as long as it is still inside accept, the kernel goes on taking
     * connections that nobody will serve.
     */
    void awaitEnd() {
        Thread thread = accepting;
        if (thread == null) {
            return;
        }
        try {
            thread.join(END_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
