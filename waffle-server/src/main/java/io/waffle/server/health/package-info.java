// SPDX-License-Identifier: Apache-2.0
/**
 * Which backends are well: active checks.
 *
 * <p>May not choose. Begin at {@link io.waffle.server.health.HealthChecks}.
 */
package io.waffle.server.health;
