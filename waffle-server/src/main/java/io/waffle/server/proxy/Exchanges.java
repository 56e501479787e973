// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.WaffleConfig;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * The exchanges of one loop, to be used again and again: there are as many as were ever in flight at once.
 *
 * <p>Threading: any thread.
 */
final class Exchanges {

    private final WaffleConfig config;
    private final WireRules rules;
    private final Buffers buffers;
    private final Spool spool;
    private final HttpDate date;
    private final BooleanSupplier draining;
    private final ArrayDeque<Exchange> spare = new ArrayDeque<>();

    Exchanges(WaffleConfig config, Buffers buffers, Spool spool, HttpDate date, BooleanSupplier draining) {
        this.config = config;
        this.rules = WireRules.of(config);
        this.buffers = buffers;
        this.spool = spool;
        this.date = date;
        this.draining = draining;
    }

    Exchange take(Channel client, Peer peer) {
        Exchange exchange;
        synchronized (spare) {
            exchange = spare.poll();
        }
        if (exchange == null) {
            exchange = new Exchange(config, rules, buffers, spool, date, draining);
        }
        exchange.open(client, peer);
        return exchange;
    }

    void giveBack(Exchange exchange) {
        exchange.release();
        synchronized (spare) {
            spare.push(exchange);
        }
    }
}
