// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Active health checks.
 *
 * @param path what to GET; empty for no checks
 */
public record HealthConfig(Optional<String> path, Duration interval, Duration timeout, boolean disabled) {}
