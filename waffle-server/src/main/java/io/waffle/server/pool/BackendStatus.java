// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.server.config.BackendConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * What a backend is like at one moment.
 *
 * @param up whether active checks have nothing against it
 * @param ejectedFor how much longer it is left out; empty if it is not
 * @param growing whether its weight is growing to what is configured
 * @param weight its effective weight in terms of the configured ones; 0 if it is to get no new request
 * @param ejections how often it was ejected without having been well for long in between
 * @param available whether it may be sent requests
 */
public record BackendStatus(
        PooledBackend backend,
        BackendConfig config,
        boolean up,
        Optional<Duration> ejectedFor,
        boolean growing,
        double weight,
        int inFlight,
        int ejections,
        boolean available) {}
