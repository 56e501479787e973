// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.StickyConfig;
import io.waffle.server.loop.Loop;
import java.util.Map;

/**
 * A pool as one route leads to it: how requests are forwarded there, and by which connections.
 *
 * @param weight its share among those of the route; 0 for none
 * @param strategy the name of what chooses there
 */
record Destination(
        Upstream upstream,
        int weight,
        String strategy,
        Forwarder forwarder,
        Map<Loop, BackendConnections> connections) {

    String pool() {
        return upstream.config().name();
    }

    /** Whether a response for shared caches stays one if it sets a cookie. */
    boolean keepsCacheable() {
        return upstream.config().sticky().cacheable() == StickyConfig.Cacheable.KEEP;
    }

    BackendConnections on(Loop loop) {
        BackendConnections mine = connections.get(loop);
        if (mine == null) {
            throw new IllegalStateException("a loop of another process");
        }
        return mine;
    }
}
