// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.List;
import java.util.Optional;

/**
 * Why a request takes the route it takes.
 *
 * @param path in its canonical form
 * @param rule the index of the route, {@link RouteTable#NONE} or {@link RouteTable#AMBIGUOUS}
 * @param winner the route, or if it is ambiguous the one that would take the path as it came; none if no route takes it
 * @param otherwise if it is ambiguous, what the other reading of the path comes to
 * @param losers those that came nearest, the nearest first
 */
public record RouteExplanation(
        String path, int rule, Optional<Winner> winner, Optional<String> otherwise, List<Loser> losers) {

    public RouteExplanation {
        losers = List.copyOf(losers);
    }

    /**
     * The most precise.
     *
     * @param name of the route
     * @param rank what makes it that: {@code host exact, prefix /v2, 1 header}
     */
    public record Winner(String name, String rank) {}

    /**
     * One that does not take the request.
     *
     * @param name of the route
     * @param failed the first check that it failed
     */
    public record Loser(String name, String failed) {}
}
