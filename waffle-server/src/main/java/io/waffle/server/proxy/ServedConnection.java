// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;

/** What Helidon knows of a connection: a thread that waits for its end, and a way to stop it. Its methods are trivial, and none throws. */
final class ServedConnection implements ServerConnection {

    private final ClientConnection connection;
    private final Runnable drain;

    /** @param drain what to do before the first connection is told that there is a stop */
    ServedConnection(ClientConnection connection, Runnable drain) {
        this.connection = connection;
        this.drain = drain;
    }

    /** Starts the connection on its loop and waits for its end. An interrupt means that a stop will wait no longer. */
    @Override
    public void handle(Limit limit) {
        Thread served = connection.loop().serve(connection);
        try {
            served.join();
        } catch (InterruptedException e) {
            connection.close();
            Thread.currentThread().interrupt();
        }
    }

    /** The loop keeps the deadlines. */
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        if (interrupt) {
            connection.close();
        } else {
            drain.run();
            connection.wake();
        }
    }
}
