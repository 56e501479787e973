// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;
import java.util.Set;

/**
 * When a backend is left out for what its own traffic tells of it, and what is done when health has something against all of them.
 *
 * @param failures in a row
 * @param percent of failures among at least {@code volume} attempts within {@code window}
 * @param time of the first ejection; doubled with each repetition, up to {@code maxTime}
 * @param maxPercent of the backends ejected at once
 * @param statuses that count as a failure whoever asks; others of 500 and above count as far as a backend stands out
 */
public record EjectionConfig(
        boolean disabled,
        int failures,
        int percent,
        int volume,
        Duration window,
        Duration time,
        Duration maxTime,
        int maxPercent,
        AllDown allDown,
        Set<Integer> statuses) {

    public EjectionConfig {
        statuses = Set.copyOf(statuses);
    }

    /** What is done when health has something against every backend. */
    public enum AllDown {
        /** There is none to send to. */
        FAIL,
        /** All are tried, as if they were well. */
        TRY_ALL
    }
}
