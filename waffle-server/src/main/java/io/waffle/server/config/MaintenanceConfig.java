// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether a route is closed, and what its clients get then.
 *
 * @param retryAfter when they are told to come back
 * @param page empty for the one of status 503, or a line of text
 * @param except networks whose clients are served all the same
 */
public record MaintenanceConfig(boolean enabled, Duration retryAfter, Optional<PageConfig> page, List<Cidr> except) {

    /** Not closed; if it is by other means, nothing special is said. */
    public static final MaintenanceConfig NONE =
            new MaintenanceConfig(false, Duration.ofMinutes(1), Optional.empty(), List.of());

    public MaintenanceConfig {
        except = List.copyOf(except);
    }

    /** The same, closed or not. */
    public MaintenanceConfig enabled(boolean closed) {
        return new MaintenanceConfig(closed, retryAfter, page, except);
    }
}
