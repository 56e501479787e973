// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.config.RouteConfig;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes what routes do: the one way to it, so that of two who change the same route the second sees what the first has made of it. */
@FunctionalInterface
public interface RouteChange {

    /**
     * Has a route do something else, for the very next request.
     *
     * @param change is given the route as it is; what it throws changes nothing
     * @return the route as it is then; empty if there is none of that name
     */
    Optional<RouteConfig> apply(String name, UnaryOperator<RouteConfig> change);
}
