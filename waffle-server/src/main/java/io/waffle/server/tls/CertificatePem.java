// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates from PEM, and puts a chain in the order TLS wants. */
final class CertificatePem {

    static final String EXPECTED = "a PEM file with one or more CERTIFICATE blocks";

    /** The second is what old OpenSSL versions wrote. */
    private static final List<String> LABELS = List.of("CERTIFICATE", "X509 CERTIFICATE");

    private CertificatePem() {}

    /** All certificates of {@code file}, at least one, in file order. */
    static List<X509Certificate> read(PemFile file) throws TlsConfigException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : blocks(file)) {
            certificates.add(decode(block));
        }
        return certificates;
    }

    /** The same, not decoded. */
    static List<PemBlock> blocks(PemFile file) throws TlsConfigException {
        List<PemBlock> blocks = file.blocks().stream()
                .filter(block -> LABELS.contains(block.label()))
                .toList();
        if (blocks.isEmpty()) {
            throw new TlsConfigException(file.path(), "no certificate: " + file.contents(), EXPECTED);
        }
        return blocks;
    }

    /**
     * The chain of {@code leaf}: itself, then each one's issuer as far as {@code certificates} go. Files are often in the wrong order, and
     * TLS 1.2 clients may insist on the right one (RFC 5246 section 7.4.2), so it is mended instead of reported.
     */
    static List<X509Certificate> chain(X509Certificate leaf, List<X509Certificate> certificates) {
        List<X509Certificate> left = new ArrayList<>(certificates);
        List<X509Certificate> chain = new ArrayList<>();
        X509Certificate last = leaf;
        while (last != null) {
            chain.add(last);
            X509Certificate subject = last;
            left.removeIf(subject::equals);
            last = left.stream()
                    .filter(candidate -> issued(candidate, subject))
                    .findFirst()
                    .orElse(null);
        }
        return chain;
    }

    /** Names alone do not tell: a renewed authority keeps its name and changes its key. */
    private static boolean issued(X509Certificate issuer, X509Certificate subject) {
        if (!issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal())) {
            return false;
        }
        try {
            subject.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static X509Certificate decode(PemBlock block) throws TlsConfigException {
        byte[] der = block.der();
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsConfigException(
                    block.file(), block.describe() + " is not an X.509 certificate", "an undamaged certificate", e);
        }
    }
}
