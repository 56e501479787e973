// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

/** Whose TLS a listener speaks. */
public enum TlsProvider {
    /** OpenSSL if it can be used, else the Java runtime's. */
    AUTO,
    /** The system's OpenSSL 3. */
    OPENSSL,
    /** The Java runtime's. */
    JSSE
}
