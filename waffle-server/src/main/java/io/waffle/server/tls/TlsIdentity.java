// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who a listener is: a private key and the certificate chain that vouches for it, leaf first.
 *
 * @param file where the certificates were read
 * @param warnings what is odd but not wrong, one line each: an expired certificate still serves, since a load balancer that refuses to
 *     restart at night over a date helps nobody
 */
record TlsIdentity(Path file, PrivateKey key, List<X509Certificate> chain, List<String> warnings) {

    TlsIdentity {
        chain = List.copyOf(chain);
        warnings = List.copyOf(warnings);
    }

    static TlsIdentity load(Path certFile, Path keyFile, Clock clock) throws TlsConfigException {
        List<X509Certificate> certificates = CertificatePem.read(PemFile.read(certFile, CertificatePem.EXPECTED));
        PrivateKey key = PrivateKeyPem.read(PemFile.read(keyFile, PrivateKeyPem.EXPECTED));
        X509Certificate leaf = certificates.stream()
                .filter(certificate -> fits(key, certificate.getPublicKey()))
                .findFirst()
                .orElseThrow(() -> mismatch(certFile, keyFile, key, certificates));
        List<X509Certificate> chain = CertificatePem.chain(leaf, certificates);
        return new TlsIdentity(certFile, key, chain, warnings(certFile, chain, certificates, clock.instant()));
    }

    /** What its own certificate says. */
    CertificateFacts facts() throws TlsConfigException {
        try {
            return CertificateFacts.read(chain.getFirst().getEncoded()).facts();
        } catch (CertificateEncodingException | IllegalArgumentException e) {
            throw new TlsConfigException("a certificate cannot be used: " + e.getMessage());
        }
    }

    private static TlsConfigException mismatch(
            Path certFile, Path keyFile, PrivateKey key, List<X509Certificate> certificates) {
        X509Certificate first = certificates.getFirst();
        return new TlsConfigException(
                keyFile,
                "this " + key.getAlgorithm() + " key does not fit the "
                        + first.getPublicKey().getAlgorithm() + " certificate of " + name(first) + " in " + certFile,
                "the private key that belongs to the certificate");
    }

    /** RSA keys share their modulus; the others are tried, since the JDK does not tell the public half of an EC private key. */
    private static boolean fits(PrivateKey key, PublicKey publicKey) {
        if (key instanceof RSAPrivateKey mine && publicKey instanceof RSAPublicKey theirs) {
            return mine.getModulus().equals(theirs.getModulus());
        }
        Optional<String> algorithm = signatureAlgorithm(key);
        if (algorithm.isEmpty() || !key.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        try {
            byte[] message = {'w', 'a', 'f', 'f', 'l', 'e'};
            Signature signature = Signature.getInstance(algorithm.get());
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // of another curve, for instance
        }
    }

    private static Optional<String> signatureAlgorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> Optional.of("SHA256withECDSA");
            case "EdDSA" -> Optional.of("EdDSA");
            default -> Optional.empty();
        };
    }

    private static List<String> warnings(
            Path certFile, List<X509Certificate> chain, List<X509Certificate> certificates, Instant now) {
        List<String> warnings = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            Instant from = certificate.getNotBefore().toInstant();
            Instant to = certificate.getNotAfter().toInstant();
            if (now.isAfter(to)) {
                warnings.add(certFile + ": the certificate of " + name(certificate) + " expired at " + to);
            } else if (now.isBefore(from)) {
                warnings.add(certFile + ": the certificate of " + name(certificate) + " is not valid before " + from);
            }
        }
        for (X509Certificate certificate : certificates) {
            if (!chain.contains(certificate)) {
                warnings.add(certFile + ": the certificate of " + name(certificate)
                        + " is not sent, since it is not in the chain of " + name(chain.getFirst()));
            }
        }
        return warnings;
    }

    private static String name(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        return subject.isEmpty() ? "serial number " + certificate.getSerialNumber() : subject;
    }
}
