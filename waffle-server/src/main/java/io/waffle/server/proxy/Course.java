// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.pool.PooledBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What became of a request, for the log: how long it waited, each try, and what ended it. Used again for request after request. */
final class Course {

    /** Of more tries than this, the first ones and the last are kept. */
    static final int KEPT = 16;

    /** How far an exchange had come when something ended it. */
    enum Phase {
        /** The head of the request was on its way, or was refused. */
        REQUEST_HEAD,
        /** No backend had been found. */
        QUEUE,
        CONNECT,
        /** Some of the request had still to be sent. */
        REQUEST,
        /** The backend had all of the request, and had not answered. */
        RESPONSE_HEAD,
        RESPONSE,
        TUNNEL;

        private final String written = name().toLowerCase(Locale.ROOT);

        /** As the log has it. */
        String written() {
            return written;
        }

        /** How far this one has come, for one who asks because of that fault. */
        static Phase of(Exchange x, Fault fault) {
            if (!x.isParsed() || (x.chosen() == null && fault == Fault.BAD_REQUEST)) {
                return REQUEST_HEAD;
            }
            if (x.chosen() == null) {
                return fault == Fault.CLIENT_TOO_SLOW ? REQUEST : QUEUE;
            }
            if (fault.beforeSending()) {
                return CONNECT;
            }
            if (x.reply.hasBegun()) {
                return x.reply.status() == 101 ? TUNNEL : RESPONSE;
            }
            return x.upload.done() ? RESPONSE_HEAD : REQUEST;
        }
    }

    /** One attempt at one backend. Times are durations in nanoseconds, -1 where there is none. */
    static final class Try {

        private @Nullable PooledBackend backend;
        private @Nullable Fault fault;
        private long begun;
        private int status;
        private long connect;
        private long firstByte;
        private long total;

        String backend() {
            return backend == null ? "" : backend.id();
        }

        /** What ended it; null if nothing went wrong. */
        @Nullable
        Fault fault() {
            return fault;
        }

        /** What the backend answered; 0 if it did not. */
        int status() {
            return status;
        }

        /** How long connecting took; -1 if that failed, or a connection was used again. */
        long connect() {
            return connect;
        }

        /** From the beginning of the try to the first byte of a response. */
        long firstByte() {
            return firstByte;
        }

        long total() {
            return total;
        }
    }

    private final List<Try> tries = new ArrayList<>();
    private int count;
    private long queued;
    private @Nullable Fault fault;
    private @Nullable Phase phase;
    private long ended;

    void reset() {
        count = 0;
        queued = 0;
        fault = null;
        phase = null;
    }

    /** It waited so long for a backend that may take it. */
    void waited(long nanos) {
        queued += nanos;
    }

    /** A try begins. */
    void tries(PooledBackend backend, long now) {
        if (count == tries.size()) {
            tries.add(new Try());
        }
        count = Math.min(count + 1, KEPT);
        Try current = current();
        current.backend = backend;
        current.fault = null;
        current.begun = now;
        current.connect = -1;
    }

    /** A connection was made for it. */
    void connected(long now) {
        current().connect = now - current().begun;
    }

    /** The try came to this, before it is {@link #tried}. */
    void failed(Fault by) {
        current().fault = by;
    }

    /** The try is over. */
    void tried(int status, long firstByte, long total) {
        Try current = current();
        current.status = status;
        current.firstByte = firstByte;
        current.total = total;
    }

    /** Something goes wrong when it has come so far. */
    void fails(Phase at) {
        phase = at;
    }

    /** The exchange is over; a fault nobody told of came up as the answer was sent. */
    void end(@Nullable Fault by, long now) {
        ended = now;
        fault = by;
        if (by != null && phase == null) {
            phase = Phase.RESPONSE;
        }
    }

    int count() {
        return count;
    }

    Try at(int i) {
        return tries.get(i);
    }

    /** The one under way, or the last. */
    private Try current() {
        return tries.get(count - 1);
    }

    /** How long it waited in all. */
    long queued() {
        return queued;
    }

    /** What ended it before its proper end; null if nothing did. */
    @Nullable
    Fault fault() {
        return fault;
    }

    /** How far it had come by then; null if nothing went wrong. */
    @Nullable
    Phase phase() {
        return phase;
    }

    /** When it was over, as {@link System#nanoTime}. */
    long ended() {
        return ended;
    }
}
