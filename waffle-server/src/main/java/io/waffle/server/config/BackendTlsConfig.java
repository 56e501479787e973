// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How {@code https} backends are trusted.
 *
 * @param caFile PEM certificates to trust in place of the system's
 * @param verify false accepts any certificate, for any name
 * @param serverName the name they are asked for and must prove, in place of the host of each one's URL
 * @param certFile what they are shown if they ask for a certificate, as a PEM file
 * @param keyFile its private key, as a PEM file
 */
public record BackendTlsConfig(
        Optional<Path> caFile,
        boolean verify,
        Optional<String> serverName,
        Optional<Path> certFile,
        Optional<Path> keyFile) {

    /** The files it names. */
    public Stream<Path> files() {
        return Stream.of(caFile, certFile, keyFile).flatMap(Optional::stream);
    }
}
