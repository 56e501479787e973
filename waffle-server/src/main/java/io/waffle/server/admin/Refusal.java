// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

/** A request is not carried out, and has changed nothing. The message says what is wrong, which value, and what was expected. */
final class Refusal extends RuntimeException {

    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int CONFLICT = 409;
    static final int PRECONDITION_FAILED = 412;
    static final int UNSUPPORTED_MEDIA_TYPE = 415;
    static final int UNPROCESSABLE = 422;
    static final int UNAVAILABLE = 503;

    private static final long serialVersionUID = 1;

    private final int status;

    Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** Says what is where, and what should be. */
    static Refusal of(int status, String where, String actual, String expected) {
        return new Refusal(
                status, where + ": " + (actual.isEmpty() ? "empty" : actual) + " (expected: " + expected + ")");
    }

    /** For a value that is wrong. */
    static Refusal badValue(String where, String actual, String expected) {
        return of(BAD_REQUEST, where, actual, expected);
    }

    int status() {
        return status;
    }

    String error() {
        return String.valueOf(getMessage());
    }
}
