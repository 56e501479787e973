// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Set;

/**
 * When a request is sent again.
 *
 * @param attempts the most backends a request is sent to
 * @param statuses those of a backend that count as a failure
 * @param nonIdempotent whether methods that are not idempotent are repeated, too
 * @param budgetPercent repetitions for a hundred requests
 * @param onTimeout whether a backend that has not answered in time is followed by another
 * @param replay what is kept of bodies for it
 * @param reuse which connections requests take that may not be repeated
 */
public record RetryConfig(
        int attempts,
        Set<Integer> statuses,
        boolean nonIdempotent,
        int budgetPercent,
        boolean onTimeout,
        ReplayConfig replay,
        Reuse reuse) {

    /** Which connections to a backend are used again for requests that may not be repeated. */
    public enum Reuse {
        /** Those that are seen to be open at that moment. */
        SAFE,
        /** Those that others would take, too. */
        ALWAYS
    }

    public RetryConfig {
        statuses = Set.copyOf(statuses);
    }
}
