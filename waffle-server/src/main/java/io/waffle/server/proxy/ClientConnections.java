// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The client connections of a listener, each in a place of all there may be.
 *
 * <p>Threading: any thread.
 */
final class ClientConnections {

    private static final int ANY_NUMBER = Integer.MAX_VALUE;

    private final ClientPlaces places;
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();

    /** One fewer for each that is open, or about to be: who has them all knows that there is none. */
    private final Semaphore free = new Semaphore(ANY_NUMBER);

    ClientConnections(ClientPlaces places) {
        this.places = places;
        places.add(this);
    }

    /** Those of all listeners. */
    ClientPlaces places() {
        return places;
    }

    /** Takes a place, and memory for it, if there are both. */
    boolean tryTakePlace() {
        if (!places.tryTake()) {
            return false;
        }
        free.acquireUninterruptibly();
        return true;
    }

    /** Gives a place back that no connection was started for. */
    void giveBackPlace() {
        places.giveBack();
        free.release();
    }

    /** Those there are at the moment. */
    Stream<ClientConnection> open() {
        return open.stream();
    }

    /** Starts to serve a connection that a place was taken for. */
    void serve(ClientConnection connection) {
        open.add(connection);
        connection.loop().connectionBegins();
        goOn(connection);
    }

    /** Gives it a thread, up to its end or its next rest. */
    private void goOn(ClientConnection connection) {
        connection.loop().run(() -> {
            boolean rests = false;
            try {
                rests = connection.run(() -> goOn(connection));
            } finally {
                if (!rests) {
                    end(connection);
                }
            }
        });
    }

    private void end(ClientConnection connection) {
        connection.loop().connectionEnds();
        open.remove(connection);
        giveBackPlace();
    }

    /** Lets those that wait for a request notice that there is a stop. */
    void wakeAll() {
        open.forEach(ClientConnection::wake);
    }

    /** Ends all at once. */
    void closeAll() {
        open.forEach(ClientConnection::stop);
    }

    /** Waits until there is none; false if some are left after this time. No more may come. */
    boolean awaitNone(Duration time) {
        try {
            return free.tryAcquire(ANY_NUMBER, time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** None of its connections need give way any more. */
    void close() {
        places.remove(this);
    }
}
