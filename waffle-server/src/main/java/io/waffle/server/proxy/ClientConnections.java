// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The client connections there are, and how many there may be. A place is taken before a client is accepted, so that those who find none wait
 * in the backlog.
 *
 * <p>Threading: any thread.
 */
final class ClientConnections {

    private final int most;
    private final Semaphore places;
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();

    ClientConnections(int most) {
        this.most = most;
        this.places = new Semaphore(most);
    }

    /** How many there may be. */
    int most() {
        return most;
    }

    /** Takes a place, waiting for one. */
    void takePlace() throws InterruptedException {
        places.acquire();
    }

    /** Takes a place if there is one. */
    boolean tryTakePlace() {
        return places.tryAcquire();
    }

    /** Gives a place back that no connection was started for. */
    void giveBackPlace() {
        places.release();
    }

    /** Starts to serve a connection that a place was taken for. */
    void serve(ClientConnection connection) {
        open.add(connection);
        connection.loop().serve(() -> {
            try {
                connection.run();
            } finally {
                open.remove(connection);
                places.release();
            }
        });
    }

    /** Lets those that wait for a request notice that there is a stop. */
    void wakeAll() {
        open.forEach(ClientConnection::wake);
    }

    /** Ends all at once. */
    void closeAll() {
        open.forEach(ClientConnection::close);
    }

    /** Waits until there is none; false if some are left after this time. No more may come. */
    boolean awaitNone(Duration time) {
        try {
            return places.tryAcquire(most, time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
