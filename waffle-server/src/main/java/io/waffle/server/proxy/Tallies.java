// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.limit.ClientCounts;
import io.waffle.server.limit.KeyedHash;
import io.waffle.server.limit.RateTable;
import io.waffle.server.loop.MemoryBudget;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of clients in this process, whichever listener and route they come by: made when first something goes by it, and kept from then on, so
 * that a reload forgives nobody.
 *
 * <p>Threading: any thread.
 */
public final class Tallies {

    private final MemoryBudget memory;
    private final int clients;
    private @Nullable KeyedHash hash;
    private @Nullable RateTable rates;
    private @Nullable ClientCounts inFlight;
    private @Nullable ClientCounts connections;

    /**
     * Nothing is counted yet.
     *
     * @param clients how many may be connected at once
     */
    Tallies(MemoryBudget memory, int clients) {
        this.memory = memory;
        this.clients = (int) Math.min(clients, memory.bound() / ClientPlaces.BYTES + 1);
    }

    /** What stands for a client, or whatever else is counted. */
    synchronized KeyedHash hash() {
        KeyedHash made = hash == null ? KeyedHash.secret() : hash;
        hash = made;
        return made;
    }

    /** How often they ask. */
    synchronized RateTable rates() {
        RateTable made = rates == null ? new RateTable(memory) : rates;
        rates = made;
        return made;
    }

    /** How many requests they have in flight. */
    synchronized ClientCounts inFlight() {
        ClientCounts made = inFlight == null ? new ClientCounts(memory, clients) : inFlight;
        inFlight = made;
        return made;
    }

    /** How many connections they have. */
    synchronized ClientCounts connections() {
        ClientCounts made = connections == null ? new ClientCounts(memory, clients) : connections;
        connections = made;
        return made;
    }
}
