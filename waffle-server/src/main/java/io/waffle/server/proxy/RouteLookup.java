// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.AccessConfig;
import io.waffle.server.http.RequestHead;
import io.waffle.server.route.RouteQuery;
import io.waffle.server.route.RouteTable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the routes of requests that come by one listener on one loop. What a look-up notes grows with the path that came; since none waits, one
 * is enough for all exchanges of a loop, and another is made only where two look at once, as the JDK's scheduler has it.
 *
 * <p>Threading: any thread.
 */
final class RouteLookup {

    private final Routing routing;
    private final int listener;
    private final boolean redirects;

    /** Whom the listener serves; null for everybody. */
    private final @Nullable AccessConfig access;

    private final AtomicReference<@Nullable RouteQuery> spare = new AtomicReference<>();

    RouteLookup(Routing routing, WireRules rules) {
        this.routing = routing;
        this.listener = rules.listener();
        this.redirects = rules.redirectsToHttps();
        this.access = rules.access();
    }

    Routing routing() {
        return routing;
    }

    /** The route of a request, whose head is there, if the listener serves its client at all. */
    ServedRoute find(Exchange x) throws ExchangeException {
        if (access != null && !access.serves(x.selection.client())) {
            throw ExchangeException.of(Fault.DENIED);
        }
        if (redirects) {
            return routing.toHttps();
        }
        if (routing.isForAll()) {
            return routing.route(0);
        }
        int found = find(x.request, x.selection.client());
        if (found >= 0) {
            return routing.route(found);
        }
        throw ExchangeException.of(found == RouteTable.AMBIGUOUS ? Fault.AMBIGUOUS_PATH : Fault.NO_ROUTE);
    }

    private int find(RequestHead head, ClientAddress client) {
        RouteQuery kept = spare.getAndSet(null);
        RouteQuery query = kept == null ? new RouteQuery() : kept;
        try {
            return routing.find(head, client, listener, query);
        } finally {
            spare.set(query);
        }
    }
}
