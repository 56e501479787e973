// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.List;

/**
 * A route: which requests are its own, and what it leads to.
 *
 * @param name of its own among all; it decides between two that are as precise as each other and not the same
 * @param matches alternatives; none at all is any request
 * @param allowsAmbiguousPaths whether it takes also paths that another reading would take to another route
 * @param target what it leads to; the table does not look at it
 */
public record RouteRule<R>(String name, List<RouteMatch> matches, boolean allowsAmbiguousPaths, R target) {

    public RouteRule {
        matches = matches.isEmpty() ? List.of(RouteMatch.ANY) : List.copyOf(matches);
    }
}
