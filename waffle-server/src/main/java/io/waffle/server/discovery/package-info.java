// SPDX-License-Identifier: Apache-2.0
/**
 * Which backends there are: names and their addresses, over time.
 *
 * <p>May not choose. Begin at {@link io.waffle.server.discovery.Membership}.
 */
package io.waffle.server.discovery;
