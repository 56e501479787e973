// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.Outcome;
import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.loop.Deadline;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import org.jspecify.annotations.Nullable;

/** Chooses a backend for an exchange and holds the conversation with it; the one place that decides whether to try again. */
final class Forwarder {

    /** Connecting may take this many times one connect deadline before no further backend is tried. */
    private static final int CONNECT_DEADLINES = 2;

    private final Pool pool;
    private final TimeoutsConfig timeouts;

    Forwarder(Pool pool, TimeoutsConfig timeouts) {
        this.pool = pool;
        this.timeouts = timeouts;
    }

    /** Forwards the request and relays its response; returns when the response has left. */
    void forward(Exchange x, BackendConnections connections) throws ExchangeException {
        @Nullable ExchangeException last = null;
        long giveUp = Deadline.NONE;
        while (last == null || !Deadline.passed(giveUp)) {
            PooledBackend backend = pool.acquire(x.selection);
            if (backend == null) {
                break;
            }
            try {
                attempt(x, backend, connections);
                return;
            } catch (ExchangeException e) {
                if (!e.fault().beforeSending()) {
                    throw e;
                }
                if (last == null) {
                    giveUp = Deadline.in(timeouts.connect().multipliedBy(CONNECT_DEADLINES - 1));
                }
                last = e;
            }
        }
        throw last != null ? last : ExchangeException.of(Fault.NO_BACKEND);
    }

    private void attempt(Exchange x, PooledBackend backend, BackendConnections connections) throws ExchangeException {
        long start = System.nanoTime();
        Outcome.Kind kind = Fault.INTERNAL.outcome();
        x.beginAttempt(backend);
        try {
            send(x, backend, connections);
            kind = x.response.status() >= 500 ? Outcome.Kind.SERVER_ERROR : Outcome.Kind.SUCCESS;
        } catch (ExchangeException e) {
            kind = e.fault().outcome();
            if (e.fault().source() == Fault.Source.BACKEND) {
                backend.complain(e.describe());
            }
            throw e;
        } finally {
            long first = x.firstByteNanos();
            int status = first == 0 ? 0 : x.response.status();
            pool.release(
                    backend, new Outcome(kind, status, first == 0 ? -1 : first - start, System.nanoTime() - start));
        }
    }

    private void send(Exchange x, PooledBackend backend, BackendConnections connections) throws ExchangeException {
        BackendConnection reused = connections.takeIdle(backend);
        if (reused != null) {
            try {
                converse(x, reused, connections);
                return;
            } catch (ExchangeException e) {
                if (!staleAndRepeatable(x, e)) {
                    throw e;
                }
                x.rewind();
            }
        }
        long deadline = Deadline.in(timeouts.connect());
        converse(x, connections.connect(backend, deadline), connections);
    }

    /**
     * A backend may close an idle connection at the moment it is used again. Repeating is safe if nothing was sent; or if the request is
     * idempotent, and no part of its body is gone (RFC 9110 section 9.2.2).
     */
    private static boolean staleAndRepeatable(Exchange x, ExchangeException e) {
        return e.fault() == Fault.BACKEND_RESET
                && x.firstByteNanos() == 0
                && !x.upload.readMore()
                && (x.toBackend.written() == 0 || x.request.idempotent());
    }

    private void converse(Exchange x, BackendConnection connection, BackendConnections connections)
            throws ExchangeException {
        boolean reusable = false;
        boolean finished = false;
        try {
            reusable = new Conversation(x, connection, timeouts).hold();
            finished = true;
        } finally {
            if (reusable) {
                connections.putIdle(connection, x.answer().buffer());
            } else if (finished) {
                connection.close();
            } else {
                connection.channel().abort(); // the backend must not take it for a request that ended well
            }
        }
    }
}
