// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.api.Strategy;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.route.RouteTable;
import java.util.Map;
import java.util.Optional;

/**
 * What was made of a configuration in order to check it, for who goes by it then, so that nothing is made twice: strategies, whose code is somebody else's, and the
 * table of the routes, which may be many.
 *
 * @param strategies as far as they have been made
 * @param routes empty if they were not looked at
 */
record Premade(Map<StrategyPlace, Strategy> strategies, Optional<RouteTable<RouteConfig>> routes) {

    static final Premade NONE = new Premade(Map.of(), Optional.empty());
}
