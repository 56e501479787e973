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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 as Helidon has it, with small heads, and with a bound to how long a client may take: Helidon by itself waits without end for the
 * rest of a head or a body. Nobody can keep others out by saying nothing, either: when there are as many connections as may be, the one gives
 * way that has been silent longest, a second at least unless they are far too many. One whose request is being answered never does.
 *
 * <p>Threading: any thread.
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

    /** So long one that has said nothing is taken to be about to. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Duration patience;
    private final int most;

    /** Guarded by itself. */
    private final Set<Bounded> open = new LinkedHashSet<>();

    /** Those that wait for Waffle, not for their client. */
    private final Set<Thread> answering = ConcurrentHashMap.newKeySet();

    BoundedConnections(Duration patience, int most) {
        this.patience = patience;
        this.most = most;
    }

    /** To be called around what is done for a request, in the thread of its connection. */
    <T> T answering(Supplier<T> answer) {
        boolean first = answering.add(Thread.currentThread());
        try {
            return answer.get();
        } finally {
            if (first) {
                answering.remove(Thread.currentThread());
            }
        }
    }

    /** To be called around what waits for the client meanwhile. */
    <T> T waiting(Supplier<T> what) {
        boolean interrupted = answering.remove(Thread.currentThread());
        try {
            return what.get();
        } finally {
            if (interrupted) {
                answering.add(Thread.currentThread());
            }
        }
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
        return new Bounded(http1.connection(context), context);
    }

    private void enter(Bounded connection) {
        List<Bounded> leaving;
        synchronized (open) {
            leaving = leaving();
            open.add(connection);
        }
        leaving.forEach(one -> one.inner.close(true));
    }

    /** Makes room for one. Whoever has only just come may be about to ask, and is left as long as not too many are. */
    private List<Bounded> leaving() {
        List<Bounded> leaving = new ArrayList<>();
        if (open.size() < most) {
            return leaving;
        }
        List<Silence> silent = open.stream()
                .filter(one -> !one.isAnswering())
                .map(one -> new Silence(one, one.idleTime()))
                .sorted(Comparator.comparing(Silence::time).reversed())
                .toList();
        for (Silence one : silent) {
            boolean fresh = one.time.compareTo(FRESH) < 0;
            if (open.size() < most || (fresh && open.size() < mostFresh(most))) {
                break;
            }
            open.remove(one.connection);
            leaving.add(one.connection);
        }
        return leaving;
    }

    /** How long a connection has been silent, as it was found. */
    private record Silence(Bounded connection, Duration time) {}

    /** How many connections there may be for a moment, of which so many may be silent for long. */
    static int mostFresh(int most) {
        return 8 * most;
    }

    /** Helidon asks each connection now and then how long nothing was begun or answered there, and ends it if that is too long. */
    private final class Bounded implements ServerConnection, InterruptableTask<Void> {

        /** So much of what nobody wants is read, that the client can get at its answer. */
        private static final int DRAINED = 8 * 1024 * 1024;

        private final ServerConnection inner;
        private final ConnectionContext context;
        private volatile @Nullable Thread thread;

        Bounded(ServerConnection inner, ConnectionContext context) {
            this.inner = inner;
            this.context = context;
        }

        boolean isAnswering() {
            Thread its = thread;
            return its != null && answering.contains(its);
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            thread = Thread.currentThread();
            enter(this);
            try {
                inner.handle(limit);
                drain(); // it ends by returning when a request was refused half read
            } finally {
                synchronized (open) {
                    open.remove(this);
                }
            }
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
