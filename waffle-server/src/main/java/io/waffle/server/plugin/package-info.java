// SPDX-License-Identifier: Apache-2.0
/**
 * Plugins: jars, module layers, the boundary around foreign code, quarantine.
 *
 * <p>May not know requests nor backends. Begin at {@link io.waffle.server.plugin.Plugins}.
 */
package io.waffle.server.plugin;
