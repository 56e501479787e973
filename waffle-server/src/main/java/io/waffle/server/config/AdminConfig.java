// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The admin API.
 *
 * @param listen where, on a loopback address; empty for no admin API
 * @param tokenFile the file with the token that changes need; empty for no changes
 */
public record AdminConfig(Optional<ListenAddress> listen, Optional<Path> tokenFile) {}
