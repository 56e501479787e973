// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.MemoryBudget.Use;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of one loop, to be used again and again.
 *
 * <p>Threading: any thread.
 */
final class Exchanges {

    /** So many are kept. */
    private static final int SPARE = 256;

    private final WireRules rules;
    private final RouteLookup lookup;
    private final Buffers buffers;
    private final HttpDate date;
    private final BooleanSupplier draining;
    private final ArrayDeque<Exchange> spare = new ArrayDeque<>();
    private boolean closed;

    Exchanges(WireRules rules, Routing routing, Buffers buffers, HttpDate date, BooleanSupplier draining) {
        this.rules = rules;
        this.lookup = new RouteLookup(routing, rules);
        this.buffers = buffers;
        this.date = date;
        this.draining = draining;
    }

    /** One for a client that has sent something; null if there is no memory for another. */
    @Nullable
    Exchange take(Channel client, Peer peer, HeadWait wait) {
        Exchange exchange = spare();
        if (exchange == null) {
            return null;
        }
        if (exchange.tryOpen(client, peer, wait)) {
            return exchange;
        }
        giveBack(exchange);
        return null;
    }

    private @Nullable Exchange spare() {
        synchronized (spare) {
            Exchange exchange = spare.poll();
            if (exchange != null) {
                return exchange;
            }
        }
        return buffers.memory().tryTake(Use.REQUEST, Exchange.BYTES)
                ? new Exchange(rules, lookup, buffers, date, draining)
                : null;
    }

    void giveBack(Exchange exchange) {
        exchange.release();
        synchronized (spare) {
            if (!closed && spare.size() < SPARE) {
                spare.push(exchange);
                return;
            }
        }
        buffers.memory().giveBack(Exchange.BYTES);
    }

    /** Keeps none from now on. */
    void close() {
        int kept;
        synchronized (spare) {
            closed = true;
            kept = spare.size();
            spare.clear();
        }
        buffers.memory().giveBack((long) kept * Exchange.BYTES);
    }
}
