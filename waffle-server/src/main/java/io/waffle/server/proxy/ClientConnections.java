// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.MemoryBudget.Use;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
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

    /** What one is taken for from the budget: its socket, its thread and what they are registered with. */
    static final int BYTES = 8 * 1024;

    /** Of those that wait, one of so many gives way at once, so that looking for them costs little for each. */
    private static final int AT_ONCE = 32;

    private final int most;
    private final MemoryBudget memory;
    private final Semaphore places;
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();

    /** Since when one waits, as it was when it was asked: meanwhile it goes on, and what is sorted must stay as it is. */
    private record Waiting(ClientConnection connection, long since) {}

    ClientConnections(int most, MemoryBudget memory) {
        this.most = most;
        this.memory = memory;
        this.places = new Semaphore(most);
    }

    /** How many there may be. */
    int most() {
        return most;
    }

    /** Takes a place, and memory for it, if there are both. */
    boolean tryTakePlace() {
        if (!places.tryAcquire()) {
            return false;
        }
        if (!memory.tryTake(Use.CONNECTION, BYTES)) {
            places.release();
            return false;
        }
        return true;
    }

    /** What memory is taken from. */
    MemoryBudget memory() {
        return memory;
    }

    /** Gives a place back that no connection was started for. */
    void giveBackPlace() {
        memory.giveBack(BYTES);
        places.release();
    }

    /** Whether it is for want of a place, rather than of memory, that none could be taken just now. */
    boolean isFull() {
        return places.availablePermits() == 0;
    }

    /** Has those give way who have waited longest for a request, or the rest of its head; false if nobody waits. */
    synchronized boolean makeRoom() {
        long now = Deadline.now();
        List<Waiting> waiting = open.stream()
                .filter(connection -> connection.mayGiveWay(now))
                .map(connection -> new Waiting(connection, connection.waitingSince()))
                .sorted(Comparator.comparingLong(Waiting::since))
                .toList();
        waiting.stream().limit(waiting.size() / AT_ONCE + 1).forEach(each -> each.connection()
                .giveWay());
        return !waiting.isEmpty();
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
            return places.tryAcquire(most, time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
