// SPDX-License-Identifier: Apache-2.0
/**
 * What can be set, from flags, environment and file: read in one pass, with the place of each value, and all errors at once.
 *
 * <p>May not open sockets nor load jars. Begin at {@link io.waffle.server.config.ConfigLoader} for how it is read, and at
 * {@link io.waffle.server.config.Settings} for what there is.
 */
package io.waffle.server.config;
