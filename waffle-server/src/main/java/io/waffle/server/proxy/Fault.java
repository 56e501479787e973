// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.Outcome;
import java.util.Locale;

/** What can go wrong with an exchange: whose doing it is, what the client is told, and how the attempt counts. */
enum Fault {
    BAD_REQUEST(Source.CLIENT, 400, Outcome.Kind.CLIENT_GONE, "bad request"),
    CLIENT_TOO_SLOW(Source.CLIENT, 408, Outcome.Kind.CLIENT_GONE, "the request did not arrive in time"),
    CLIENT_GONE(Source.CLIENT, 499, Outcome.Kind.CLIENT_GONE, "the client left"),
    STOPPED(Source.WAFFLE, 503, Outcome.Kind.CLIENT_GONE, "Waffle was stopped"),
    AMBIGUOUS_PATH(Source.CLIENT, 400, Outcome.Kind.CLIENT_GONE, "the path can be read in two ways"),
    MISDIRECTED(Source.CLIENT, 421, Outcome.Kind.CLIENT_GONE, "this connection is not for that host"),
    NO_ROUTE(Source.WAFFLE, 404, Outcome.Kind.NOT_SENT, "nothing is served here"),
    DENIED(Source.WAFFLE, 403, Outcome.Kind.NOT_SENT, "this is not served to you"),
    RATE_LIMITED(Source.WAFFLE, 429, Outcome.Kind.NOT_SENT, "too many requests"),
    CLIENT_BUSY(Source.WAFFLE, 429, Outcome.Kind.NOT_SENT, "too many requests at once"),
    NO_SHARE(Source.WAFFLE, 500, Outcome.Kind.NOT_SENT, "no pool of the route has a weight"),
    NO_BACKEND(Source.WAFFLE, 503, Outcome.Kind.NOT_SENT, "no backend is available"),
    OVERLOADED(Source.WAFFLE, 503, Outcome.Kind.NOT_SENT, "all backends are busy"),
    OVERDUE(Source.WAFFLE, 504, Outcome.Kind.NOT_SENT, "the request could not be sent in time"),
    SHORTAGE(Source.WAFFLE, 503, Outcome.Kind.NOT_SENT, "no connection can be made at the moment"),
    CONNECT_FAILED(Source.BACKEND, 502, Outcome.Kind.CONNECT_FAILED, "the backend could not be reached"),
    CONNECT_TIMEOUT(Source.BACKEND, 504, Outcome.Kind.CONNECT_FAILED, "the backend could not be reached in time"),
    BACKEND_RESET(Source.BACKEND, 502, Outcome.Kind.RESET, "the backend broke the connection"),
    UNWANTED_RESPONSE(Source.BACKEND, 502, Outcome.Kind.SERVER_ERROR, "the backend could not serve the request"),
    BAD_RESPONSE(Source.BACKEND, 502, Outcome.Kind.BAD_RESPONSE, "the backend sent no valid response"),
    BACKEND_TIMEOUT(Source.BACKEND, 504, Outcome.Kind.TIMEOUT, "the backend did not answer in time"),
    SHORT_OF_MEMORY(Source.WAFFLE, 503, Outcome.Kind.NOT_SENT, "there is no memory for the request now"),
    INTERNAL(Source.WAFFLE, 500, Outcome.Kind.NOT_SENT, "internal error");

    /** Whose doing it is. */
    enum Source {
        CLIENT,
        BACKEND,
        WAFFLE;

        private final String written = name().toLowerCase(Locale.ROOT);

        /** As the log has it. */
        String written() {
            return written;
        }
    }

    private final String written = name().toLowerCase(Locale.ROOT);

    private final Source source;
    private final int status;
    private final Outcome.Kind outcome;
    private final String text;

    Fault(Source source, int status, Outcome.Kind outcome, String text) {
        this.source = source;
        this.status = status;
        this.outcome = outcome;
        this.text = text;
    }

    /** As the log has it. */
    String written() {
        return written;
    }

    Source source() {
        return source;
    }

    /** The status the client is answered with, if it still can be; 499 is only for the log. */
    int status() {
        return status;
    }

    Outcome.Kind outcome() {
        return outcome;
    }

    /** What the client is told; it reveals nothing of the inside. */
    String text() {
        return text;
    }

    /** Whether nothing of the request has reached a backend, so that another one may be tried whatever the method is. */
    boolean beforeSending() {
        return this == CONNECT_FAILED || this == CONNECT_TIMEOUT || this == SHORTAGE;
    }

    /** Whether the backend failed at once, so that another one may do better with the same request, if that does no harm. */
    boolean repeatable() {
        return this == BACKEND_RESET || this == UNWANTED_RESPONSE || this == BAD_RESPONSE;
    }

    /** Whether it is the client's doing if the rest of its request was still to come: a backend need not wait for it. */
    boolean dependsOnTurn() {
        return this == BACKEND_RESET || this == BACKEND_TIMEOUT;
    }
}
