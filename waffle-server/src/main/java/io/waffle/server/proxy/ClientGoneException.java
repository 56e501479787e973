// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.io.IOException;

/** The client has left while something else was waited for, of its backend's. Carries no stack trace: it is an ordinary event. */
final class ClientGoneException extends IOException {

    private static final long serialVersionUID = 1;

    ClientGoneException(ExchangeException cause) {
        super("the client left", cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
