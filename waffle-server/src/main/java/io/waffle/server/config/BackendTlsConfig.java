// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How {@code https} backends are trusted.
 *
 * @param caFile PEM certificates to trust in place of the system's
 * @param verify false accepts any certificate, for any name
 * @param serverName the name they are asked for and must prove, in place of the host of each one's URL
 */
public record BackendTlsConfig(Optional<Path> caFile, boolean verify, Optional<String> serverName) {}
