// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which requests, and what is done with them. Of the sections it shares with others only what is about requests is read from here.
 *
 * @param name by which messages, the log and the admin API call it
 * @param matches alternatives, one of which must hold; one without conditions holds for every request
 * @param allowsAmbiguousPaths whether a path that some would read as one of another route is served
 * @param action what is done
 * @param maintenance whether that is not done for now
 * @param errors pages for answers of our own, by their statuses
 * @param access whose requests are served
 * @param rate how often; empty for no bound
 * @param bufferRequest bytes of a body that are read before a backend is taken; 0 for none
 * @param cors what pages of other origins may do, if Waffle is to say
 * @param mirror who gets copies of its requests
 * @param loadBalancing how a backend of its pools is chosen, if not as these have it
 */
public record RouteConfig(
        String name,
        List<MatchConfig> matches,
        boolean allowsAmbiguousPaths,
        RouteAction action,
        ForwardingConfig forwarding,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        RetryConfig retry,
        MaintenanceConfig maintenance,
        Map<StatusRange, PageConfig> errors,
        AccessConfig access,
        Optional<RateConfig> rate,
        long bufferRequest,
        Optional<CorsConfig> cors,
        Optional<MirrorConfig> mirror,
        Optional<StrategyConfig> loadBalancing) {

    public RouteConfig {
        matches = List.copyOf(matches);
        errors = Map.copyOf(errors);
    }

    /** The same, which does something else. */
    public RouteConfig with(RouteAction other) {
        return new RouteConfig(
                name,
                matches,
                allowsAmbiguousPaths,
                other,
                forwarding,
                limits,
                timeouts,
                retry,
                maintenance,
                errors,
                access,
                rate,
                bufferRequest,
                cors,
                mirror,
                loadBalancing);
    }

    /** The same, closed or not. */
    public RouteConfig closed(boolean closed) {
        return new RouteConfig(
                name,
                matches,
                allowsAmbiguousPaths,
                action,
                forwarding,
                limits,
                timeouts,
                retry,
                maintenance.enabled(closed),
                errors,
                access,
                rate,
                bufferRequest,
                cors,
                mirror,
                loadBalancing);
    }

    /** One for every request of a listener that serves nothing itself, as far as it has to say how that is done. */
    public RouteConfig redirecting() {
        return new RouteConfig(
                "redirect",
                List.of(MatchConfig.ANY),
                true,
                new RouteAction.Respond(421, "text/plain", ""),
                forwarding,
                limits,
                timeouts,
                retry,
                MaintenanceConfig.NONE,
                errors,
                access,
                rate,
                bufferRequest,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
