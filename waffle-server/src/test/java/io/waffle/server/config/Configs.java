// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parts of a configuration, as far as most tests care for them. */
public final class Configs {

    private Configs() {}

    /** One that is checked where it serves, and takes what it is sent. */
    public static BackendConfig backend(BackendUrl url, int weight, Map<String, String> labels) {
        return new BackendConfig(url, weight, 0, labels, Optional.empty(), Optional.empty());
    }

    /** With the statuses that count by default. */
    public static EjectionConfig ejection(
            boolean disabled,
            int failures,
            int percent,
            int volume,
            Duration window,
            Duration time,
            Duration maxTime,
            int maxPercent,
            EjectionConfig.AllDown allDown) {
        return new EjectionConfig(
                disabled, failures, percent, volume, window, time, maxTime, maxPercent, allDown, Set.of(502, 503, 504));
    }
}
