// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What a provider is set up with. Where two are equal, connections of the one can go on with the sessions of the other.
 *
 * @param policy what is spoken
 * @param clients what is asked of clients
 * @param identity the one certificate; empty if it is chosen by name
 * @param ticketSecret what keys of tickets are made of; empty for keys the provider makes up
 * @param implementation whose TLS it is, with its version
 */
record TlsSetup(
        TlsPolicy policy,
        ClientPolicies clients,
        Optional<TlsIdentity> identity,
        ByteBuffer ticketSecret,
        String implementation) {

    /**
     * What a session is good for, as 32 bytes: one that was made where clients are asked for nothing, or others are believed, or fewer have been
     * revoked, must not be resumed here, since whoever resumes shows no certificate.
     */
    byte[] binding(ClientTrust clients) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) (policy.with12() ? 1 : 0));
            digest.update(clients.mode().name().getBytes(StandardCharsets.US_ASCII));
            for (X509Certificate authority : clients.authorities()) {
                digest.update(authority.getEncoded());
            }
            for (X509CRL list : clients.revocations()) {
                digest.update(list.getEncoded());
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
