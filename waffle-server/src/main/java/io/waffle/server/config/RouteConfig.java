// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.List;

/**
 * Which requests, and what is done with them. Of the sections it shares with others only what is about requests is read from here.
 *
 * @param name by which messages, the log and the admin API call it
 * @param matches alternatives, one of which must hold; one without conditions holds for every request
 * @param allowsAmbiguousPaths whether a path that some would read as one of another route is served
 * @param action what is done
 */
public record RouteConfig(
        String name,
        List<MatchConfig> matches,
        boolean allowsAmbiguousPaths,
        RouteAction action,
        ForwardingConfig forwarding,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        RetryConfig retry) {

    public RouteConfig {
        matches = List.copyOf(matches);
    }

    /** The same, which does something else. */
    public RouteConfig with(RouteAction other) {
        return new RouteConfig(name, matches, allowsAmbiguousPaths, other, forwarding, limits, timeouts, retry);
    }

    /** One for every request of a listener that serves nothing itself, as far as it has to say how that is done. */
    public RouteConfig redirecting() {
        RouteAction nowhere = new RouteAction.Respond(421, "text/plain", "");
        return new RouteConfig(
                "redirect", List.of(MatchConfig.ANY), true, nowhere, forwarding, limits, timeouts, retry);
    }
}
