// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;

/**
 * TLS of the listener.
 *
 * @param certFile its certificate chain, as a PEM file
 * @param keyFile its private key, as a PEM file
 * @param provider whose TLS it speaks
 */
public record TlsConfig(Path certFile, Path keyFile, Provider provider) {

    /** Whose TLS it is. */
    public enum Provider {
        AUTO,
        OPENSSL,
        JSSE
    }
}
