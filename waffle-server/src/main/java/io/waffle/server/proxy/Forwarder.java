// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.Outcome;
import io.waffle.api.Strategy;
import io.waffle.server.config.RetryConfig;
import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.loop.Deadline;
import io.waffle.server.pool.PickContext;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses a backend for an exchange and holds the conversation with it; the one place that decides whether to try again. */
final class Forwarder {

    /** Connecting may take this many times one connect deadline before no further backend is tried. */
    private static final int CONNECT_DEADLINES = 2;

    private final Pool pool;

    /** Who chooses, if not as the pool has it. */
    private final @Nullable Strategy strategy;

    private final TimeoutsConfig timeouts;
    private final RetryConfig retry;
    private final RetryBudget budget;
    private final Queueing queueing;
    private final long attemptNanos;

    Forwarder(Pool pool, Optional<Strategy> strategy, TimeoutsConfig timeouts, RetryConfig retry, RetryBudget budget) {
        this.pool = pool;
        this.strategy = strategy.orElse(null);
        this.timeouts = timeouts;
        this.retry = retry;
        this.budget = budget;
        this.attemptNanos = timeouts.attempt().toNanos();
        this.queueing = new Queueing(pool, timeouts.queue());
    }

    /** What is saved up for repetitions. */
    RetryBudget budget() {
        return budget;
    }

    /** Forwards the request and relays its response; returns when the response has left. */
    void forward(Exchange x, BackendConnections connections) throws ExchangeException {
        budget.deposit();
        chooseFor(x.selection);
        @Nullable ExchangeException last = null;
        long giveUp = Deadline.NONE;
        while (true) {
            PooledBackend backend = pool.acquire(x.selection);
            if (backend == null && pool.mayWait(x.selection)) {
                backend = queueing.await(x);
            }
            if (backend == null) {
                break;
            }
            try {
                attempt(x, backend, connections);
                return;
            } catch (ExchangeException e) {
                if (giveUp == Deadline.NONE && e.fault().beforeSending()) {
                    giveUp = Deadline.in(timeouts.connect().multipliedBy(CONNECT_DEADLINES - 1));
                }
                last = last == null ? e : last.orIfBetter(e);
                if (!triesAgain(x, e.fault(), giveUp)) {
                    break;
                }
            }
        }
        throw last != null ? last : ExchangeException.of(noBackend(x));
    }

    /** Has the request balanced as its route wants it. */
    void chooseFor(PickContext request) {
        if (strategy != null) {
            request.balancedBy(strategy);
        }
    }

    private Fault noBackend(Exchange x) {
        if (!pool.mayWait(x.selection)) {
            return Fault.NO_BACKEND;
        }
        return x.clock.isOver() ? Fault.OVERDUE : Fault.OVERLOADED;
    }

    /** Whether another backend may be asked, after this. */
    private boolean triesAgain(Exchange x, Fault fault, long giveUp) {
        if (x.clock.isOver()) {
            return false;
        }
        return fault.beforeSending() ? !Deadline.passed(giveUp) : repeats(x, fault);
    }

    /** Whether a request that was sent in vain goes to another backend; it is brought back to its beginning then. */
    private boolean repeats(Exchange x, Fault fault) {
        boolean repeatable = fault.repeatable() || (fault == Fault.BACKEND_TIMEOUT && retry.onTimeout());
        if (!repeatable || !mayRepeat(x) || !budget.withdraw()) {
            return false;
        }
        x.rewind();
        return true;
    }

    private boolean mayRepeat(Exchange x) {
        return x.selection.sendings() < retry.attempts()
                && x.isWhole()
                && x.isRepeatable()
                && pool.hasAnother(x.selection);
    }

    private void attempt(Exchange x, PooledBackend backend, BackendConnections connections) throws ExchangeException {
        long start = System.nanoTime();
        x.course.tries(backend, start);
        x.selection.beginAttempt(start);
        x.clock.tries(start, attemptNanos);
        Outcome.Kind kind = Fault.INTERNAL.outcome();
        x.beginAttempt(backend);
        try {
            send(x, backend, connections);
            kind = kind(x.response.status());
        } catch (ExchangeException e) {
            x.course.failed(x.blamed(e.fault()));
            boolean clients = e.fault().dependsOnTurn() && x.isClientsTurn();
            kind = clients ? Outcome.Kind.CLIENT_GONE : e.fault().outcome();
            if (e.fault().source() == Fault.Source.BACKEND && !clients) {
                backend.complain(e.describe());
            }
            throw e;
        } finally {
            long first = x.backend.firstByteNanos();
            int status = first == 0 ? 0 : x.response.status();
            long firstByte = first == 0 ? -1 : first - start;
            long total = System.nanoTime() - start;
            x.course.tried(status, firstByte, total);
            pool.release(x.selection, backend, new Outcome(kind, status, firstByte, total));
        }
    }

    private static Outcome.Kind kind(int status) {
        return status >= 500 ? Outcome.Kind.SERVER_ERROR : Outcome.Kind.SUCCESS;
    }

    private void send(Exchange x, PooledBackend backend, BackendConnections connections) throws ExchangeException {
        x.checkPath();
        BackendConnection reused =
                risksNothing(x, backend) ? connections.takeIdle(backend, looksFirst(x, backend), x.stray) : null;
        if (reused != null) {
            try {
                converse(x, reused, connections);
                return;
            } catch (ExchangeException e) {
                if (!staleAndHarmless(x, e)) {
                    throw e;
                }
                x.selection.wasStale();
                budget.withdraw(); // spent or not: it is no more work for anybody, and the backend may be well
                x.rewind();
            }
        }
        long deadline = Math.min(Deadline.in(timeouts.connect()), x.clock.attemptEnd());
        BackendConnection fresh = connections.connect(backend, deadline, x.watch, x.clientEnds());
        x.course.connected(System.nanoTime());
        if (x.selection.sendings() + 1 >= retry.attempts()) {
            x.upload.stopKeeping();
        }
        converse(x, fresh, connections);
    }

    /** Whether a connection that was used before will do: not for what may not be repeated, to a backend that closes them unannounced. */
    private boolean risksNothing(Exchange x, PooledBackend backend) {
        return !backend.habits().closes() || retry.reuse() == RetryConfig.Reuse.ALWAYS || x.isRepeatable();
    }

    /** What may not be repeated, or has been, is not risked on a connection that is closed already; and who has just failed may have closed them all. */
    private boolean looksFirst(Exchange x, PooledBackend backend) {
        return backend.isInDoubt()
                || x.selection.attempt() > 1
                || (retry.reuse() == RetryConfig.Reuse.SAFE && !x.isRepeatable());
    }

    /** A backend may close an idle connection at the moment it is used again. Then the same one gets the request by a connection of its own: once. */
    private boolean staleAndHarmless(Exchange x, ExchangeException e) {
        return e.fault() == Fault.BACKEND_RESET
                && !x.selection.hasBeenStale()
                && x.backend.firstByteNanos() == 0
                && x.isWhole()
                && (x.backend.out.written() == 0 || x.isRepeatable());
    }

    private void converse(Exchange x, BackendConnection connection, BackendConnections connections)
            throws ExchangeException {
        boolean reusable = false;
        boolean finished = false;
        try {
            x.selection.beginSending();
            Conversation conversation = new Conversation(x, connection, timeouts);
            int headLength = conversation.ask();
            int status = x.response.status();
            if (isUnwanted(x)) {
                throw ExchangeException.unwanted(status);
            }
            if (status != 101 || x.switchesAsAsked()) {
                pool.judge(x.selection, connection.backend(), kind(status), status);
            }
            reusable = conversation.answer(headLength);
            finished = true;
        } finally {
            if (reusable) {
                connections.putIdle(connection, x.response, x.isWithoutBody(), x.stray);
            } else if (finished) {
                connection.close();
            } else {
                connection.channel().abort(); // the backend must not take it for a request that ended well
            }
        }
    }

    /** A response is taken for a failure only while another backend may give a better one. */
    private boolean isUnwanted(Exchange x) {
        return x.response.status() >= 500
                && retry.statuses().contains(x.response.status())
                && mayRepeat(x)
                && !budget.isSpent();
    }
}
