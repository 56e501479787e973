// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.config.ListenerConfig;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.pool.PickContext;
import io.waffle.server.route.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The routes there are at one time.
 *
 * @param table which of them a request takes
 * @param routes by their index in the table, as they are now
 * @param configured by their names, as they are configured
 * @param listeners by which requests come
 * @param copies by the pools that get copies of the requests of the route of a name, what has become of these
 * @param towards where the route of an index would send a request, which is balanced as that route has it from then on; if it sends it to a pool
 */
public record AdminRoutes(
        RouteTable<?> table,
        List<RouteConfig> routes,
        Map<String, RouteConfig> configured,
        List<ListenerConfig> listeners,
        Function<String, Map<String, Copies>> copies,
        BiFunction<Integer, PickContext, Optional<Towards>> towards) {

    /**
     * Where a route leads.
     *
     * @param strategy the name of what chooses there
     */
    public record Towards(String pool, String strategy) {}

    /**
     * What has become of copies for a pool.
     *
     * @param inFlight those under way, until their answers have been read
     * @param failed those of the {@code sent} that got no answer
     * @param tooLong requests that were not copied, since their bodies are longer than what is
     * @param noRoom the same for want of a place or of memory
     * @param noBackend the same for want of a backend
     * @param brokenOff the same, since they did not come to their end
     */
    public record Copies(
            int inFlight, long sent, long failed, long tooLong, long noRoom, long noBackend, long brokenOff) {}

    /** Whether a route does something else than what is configured, since somebody has changed it here. */
    boolean isChanged(RouteConfig route) {
        return !route.equals(configured.get(route.name()));
    }
}
