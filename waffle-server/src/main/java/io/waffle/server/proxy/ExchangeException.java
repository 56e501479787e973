// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.IoReason;
import io.waffle.server.http.HeadException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Ends an exchange before its proper end. Carries no stack trace: what matters is the fault. */
final class ExchangeException extends Exception {

    private static final long serialVersionUID = 1;

    private final Fault fault;
    private final int status;
    private final String text;

    private ExchangeException(Fault fault, int status, String text, @Nullable Throwable cause) {
        super(fault + ": " + text, cause, false, false);
        this.fault = fault;
        this.status = status;
        this.text = text;
    }

    static ExchangeException of(Fault fault) {
        return new ExchangeException(fault, fault.status(), fault.text(), null);
    }

    static ExchangeException of(Fault fault, Throwable cause) {
        return new ExchangeException(fault, fault.status(), fault.text(), cause);
    }

    /** The request is not one: the status and the reason are those the parser gave. */
    static ExchangeException badRequest(HeadException cause) {
        return badRequest(cause.status(), String.valueOf(cause.getMessage()));
    }

    static ExchangeException badRequest(int status, String text) {
        return new ExchangeException(Fault.BAD_REQUEST, status, text, null);
    }

    /** The backend answered with a status that is taken for a failure; should no other do better, the client gets that status. */
    static ExchangeException unwanted(int status) {
        return new ExchangeException(Fault.UNWANTED_RESPONSE, status, Fault.UNWANTED_RESPONSE.text(), null);
    }

    /**
     * What the client is told when the next attempt failed, too: an answer that one gave is better than that another could not be reached, and
     * what a backend did is better than that we could not repeat the request.
     */
    ExchangeException orIfBetter(ExchangeException next) {
        boolean better =
                next.fault != Fault.INTERNAL && (fault != Fault.UNWANTED_RESPONSE || !next.fault.beforeSending());
        return better ? next : this;
    }

    /** What happened, with its cause, for the log. */
    String describe() {
        return getCause() == null ? String.valueOf(getMessage()) : getMessage() + " (" + reason(getCause()) + ")";
    }

    /** What other people's code throws has a class that says something; of what the system says, the words do. */
    private static String reason(Throwable cause) {
        if (cause instanceof HeadException head) {
            return String.valueOf(head.getMessage());
        }
        return cause instanceof IOException io ? IoReason.of(io) : cause.toString();
    }

    Fault fault() {
        return fault;
    }

    /** What to answer with. */
    int status() {
        return status;
    }

    /** One line for the client. */
    String text() {
        return text;
    }
}
