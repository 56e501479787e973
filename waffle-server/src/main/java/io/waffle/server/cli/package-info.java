// SPDX-License-Identifier: Apache-2.0
/**
 * What a person types: flags, commands, help, the demo.
 *
 * <p>May not hold state that outlives a command. Begin at {@link io.waffle.server.cli.Main}.
 */
package io.waffle.server.cli;
