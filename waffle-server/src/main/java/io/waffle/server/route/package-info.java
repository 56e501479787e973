// SPDX-License-Identifier: Apache-2.0
/**
 * Which route a request takes: conditions, the one reading of a path they are held against, the table that finds the most precise, and why it did.
 *
 * <p>May not read configuration, open connections nor know pools: a route leads to whatever its maker likes. Begin at {@link
 * io.waffle.server.route.RouteTable}.
 */
package io.waffle.server.route;
