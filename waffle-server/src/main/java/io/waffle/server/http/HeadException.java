// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/**
 * The peer sent what is no HTTP/1.1 message, or one that Waffle does not serve. Nothing after it on that connection may be interpreted.
 *
 * <p>Has no stack trace: it is an answer to a stranger's bytes, thrown as often as strangers like, not a fault of the program.
 */
public final class HeadException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    public HeadException(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    /** The status a client is to be told; of a response's head, whatever it is, the client sees 502. */
    public int status() {
        return status;
    }

    static HeadException bad(String reason) {
        return new HeadException(400, reason);
    }
}
