// SPDX-License-Identifier: Apache-2.0
/**
 * TLS over a plain channel: identities and PEM, contexts, server names, the two providers (OpenSSL of the system, JSSE of the Java runtime).
 *
 * <p>May not know HTTP. Begin at {@link io.waffle.server.tls.ServerTls}, then {@link io.waffle.server.tls.TlsChannel}.
 */
package io.waffle.server.tls;
