// SPDX-License-Identifier: Apache-2.0
/**
 * The API for operators, and the probes.
 *
 * <p>May not change anything but through what {@code run} hands to it. Begin at {@link io.waffle.server.admin.AdminApi}.
 */
package io.waffle.server.admin;
