// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Certificates of clients.
 *
 * @param mode whether they are asked for
 * @param caFile PEM certificates of the authorities that vouch for them; there unless the mode is off
 * @param crlFile what those have revoked, as PEM
 * @param forward whether backends are told of them (RFC 9440)
 */
public record ClientCertificatesConfig(Mode mode, Optional<Path> caFile, Optional<Path> crlFile, boolean forward) {

    public static final ClientCertificatesConfig OFF =
            new ClientCertificatesConfig(Mode.OFF, Optional.empty(), Optional.empty(), false);

    /** Whether they are asked for. */
    public enum Mode {
        OFF,
        /** A client may show one, which then has to be valid. */
        OPTIONAL,
        REQUIRED
    }

    public boolean enabled() {
        return mode != Mode.OFF;
    }
}
