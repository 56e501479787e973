// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How much of a request body is kept, so that the request can be sent again.
 *
 * @param most bytes of one body
 * @param memory of these, how many are kept in memory; the others go to a file
 * @param folder for such files; empty for that of the system
 */
public record ReplayConfig(long most, long memory, Optional<Path> folder) {}
