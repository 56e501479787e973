// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.util.Optional;

/**
 * What a provider is set up with. Where two are equal, connections of the one can go on with the sessions of the other.
 *
 * @param policy what is spoken
 * @param identity the one certificate; empty if it is chosen by name
 * @param implementation whose TLS it is, with its version
 */
record TlsSetup(TlsPolicy policy, Optional<TlsIdentity> identity, String implementation) {}
