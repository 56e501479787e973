// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 as Helidon has it, with small heads, and with a bound to how long a client may take: Helidon by itself waits without end for the
 * rest of a head or a body.
 */
final class BoundedConnections implements ServerConnectionSelector {

    private static final int LONGEST_LINE = 8 * 1024;
    private static final int LARGEST_HEAD = 16 * 1024;

    private final Http1ConnectionSelector http1 = Http1ConnectionSelector.builder()
            .config(Http1Config.builder()
                    .maxPrologueLength(LONGEST_LINE)
                    .maxHeadersSize(LARGEST_HEAD)
                    .sendKeepAliveHeader(false)
                    .build())
            .build();

    private final Duration patience;

    BoundedConnections(Duration patience) {
        this.patience = patience;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http1.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http1.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Bounded(http1.connection(context), context, patience);
    }

    /** Helidon asks each connection now and then how long nothing was begun or answered there, and ends it if that is too long. */
    private record Bounded(ServerConnection inner, ConnectionContext context, Duration patience)
            implements ServerConnection, InterruptableTask<Void> {

        /** So much of what nobody wants is read, that the client can get at its answer. */
        private static final int DRAINED = 8 * 1024 * 1024;

        @Override
        public void handle(Limit limit) throws InterruptedException {
            inner.handle(limit);
            drain(); // it ends by returning when a request was refused half read
        }

        @Override
        public Duration idleTime() {
            return inner.idleTime();
        }

        /** Also in the midst of a request, if it is overdue. */
        @Override
        public void close(boolean interrupt) {
            inner.close(interrupt || idleTime().compareTo(patience) >= 0);
        }

        @Override
        public boolean canInterrupt() {
            return inner instanceof InterruptableTask<?> task && task.canInterrupt();
        }

        @SuppressWarnings("EmptyCatch") // the client has left, or its time is over
        private void drain() {
            try {
                int left = DRAINED;
                for (byte @Nullable [] some = read(); some != null && left > 0; some = read()) {
                    left -= some.length;
                }
            } catch (RuntimeException e) {
                // Nothing to save any more.
            }
        }

        private byte @Nullable [] read() {
            return context.serverSocket().get();
        }
    }
}
