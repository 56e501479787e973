// SPDX-License-Identifier: Apache-2.0
/**
 * One configuration made ready, started, changed and stopped; signals; the log.
 *
 * <p>May not read the command line. Begin at {@link io.waffle.server.run.Waffle} for what runs, and at {@link io.waffle.server.run.Reload} for how
 * it changes.
 */
package io.waffle.server.run;
