// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.MemoryBudget.Use;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * How many client connections there may be, of all listeners. A place is taken before a client is accepted, so that those who find none wait in the
 * backlog.
 *
 * <p>Threading: any thread.
 */
public final class ClientPlaces {

    /** What one is taken for from the budget: its socket, its thread and what they are registered with. */
    static final int BYTES = 8 * 1024;

    /** Of those that wait, one of so many gives way at once, so that looking for them costs little for each. */
    private static final int AT_ONCE = 32;

    private final int most;
    private final MemoryBudget memory;
    private final Semaphore places;
    private final Tallies tallies;
    private final Set<ClientConnections> listeners = ConcurrentHashMap.newKeySet();

    /** Since when one waits, as it was when it was asked: meanwhile it goes on, and what is sorted must stay as it is. */
    private record Waiting(ClientConnection connection, long since) {}

    /** @param most how many client connections there may be at once */
    public ClientPlaces(int most, MemoryBudget memory) {
        this.most = most;
        this.memory = memory;
        this.places = new Semaphore(most);
        this.tallies = new Tallies(memory, most);
    }

    /** What is counted of clients. */
    public Tallies tallies() {
        return tallies;
    }

    /** How many there may be. */
    int most() {
        return most;
    }

    /** What memory is taken from. */
    MemoryBudget memory() {
        return memory;
    }

    /** The connections of a listener are among those that may give way from now on. */
    void add(ClientConnections connections) {
        listeners.add(connections);
    }

    void remove(ClientConnections connections) {
        listeners.remove(connections);
    }

    /** Takes a place, and memory for it, if there are both. */
    boolean tryTake() {
        if (!places.tryAcquire()) {
            return false;
        }
        if (!memory.tryTake(Use.CONNECTION, BYTES)) {
            places.release();
            return false;
        }
        return true;
    }

    void giveBack() {
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
        List<Waiting> waiting = listeners.stream()
                .flatMap(ClientConnections::open)
                .filter(connection -> connection.mayGiveWay(now))
                .map(connection -> new Waiting(connection, connection.waitingSince()))
                .sorted(Comparator.comparingLong(Waiting::since))
                .toList();
        waiting.stream().limit(waiting.size() / AT_ONCE + 1).forEach(each -> each.connection()
                .giveWay());
        return !waiting.isEmpty();
    }
}
