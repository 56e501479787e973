// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.config.ClientCertificatesConfig;
import io.waffle.server.config.ClientCertificatesConfig.Mode;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRLException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whether clients are asked for certificates, and whom of them a listener believes.
 *
 * @param authorities who vouches for clients
 * @param revocations what those have revoked; if there are any, each authority of a client's chain needs one that is up to date
 * @param forward whether what a client has shown is kept for the backends
 */
record ClientTrust(Mode mode, List<X509Certificate> authorities, List<X509CRL> revocations, boolean forward) {

    static final ClientTrust NOBODY = new ClientTrust(Mode.OFF, List.of(), List.of(), false);

    private static final String CRL = "X509 CRL";
    private static final String CRL_EXPECTED = "a PEM file with one or more " + CRL + " blocks";

    /**
     * Reads the files.
     *
     * @param warnings gets what is odd about them
     */
    static ClientTrust load(ClientCertificatesConfig config, Instant now, List<String> warnings)
            throws TlsConfigException {
        if (!config.enabled() || config.caFile().isEmpty()) {
            return NOBODY;
        }
        List<X509Certificate> authorities =
                CertificatePem.read(PemFile.read(config.caFile().get(), CertificatePem.EXPECTED));
        List<X509CRL> revocations = new ArrayList<>();
        if (config.crlFile().isPresent()) {
            Path file = config.crlFile().get();
            PemFile pem = PemFile.read(file, CRL_EXPECTED);
            for (PemBlock block : pem.blocks()) {
                if (block.label().equals(CRL)) {
                    revocations.add(decode(block));
                }
            }
            if (revocations.isEmpty()) {
                throw new TlsConfigException(file, "no revocation list: " + pem.contents(), CRL_EXPECTED);
            }
            lacking(file, authorities, revocations, now, warnings);
        }
        return new ClientTrust(config.mode(), authorities, List.copyOf(revocations), config.forward());
    }

    private static X509CRL decode(PemBlock block) throws TlsConfigException {
        byte[] der = block.der();
        try {
            return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
        } catch (CRLException | CertificateException e) {
            throw new TlsConfigException(
                    block.file(), block.describe() + " is not a revocation list", "an undamaged one", e);
        }
    }

    /** Who cannot be asked whether a certificate is revoked has no client that is believed. */
    private static void lacking(
            Path file, List<X509Certificate> authorities, List<X509CRL> lists, Instant now, List<String> warnings) {
        for (X509Certificate authority : authorities) {
            if (lists.stream()
                    .noneMatch(list -> list.getIssuerX500Principal().equals(authority.getSubjectX500Principal()))) {
                warnings.add(file + ": no revocation list of "
                        + authority.getSubjectX500Principal().getName() + ", so its clients are refused");
            }
        }
        for (X509CRL list : lists) {
            Date next = list.getNextUpdate();
            if (next != null && next.toInstant().isBefore(now)) {
                warnings.add(file + ": the revocation list of "
                        + list.getIssuerX500Principal().getName() + " was to be replaced by " + next.toInstant()
                        + ", so its clients are refused");
            }
        }
    }

    boolean asks() {
        return mode != Mode.OFF;
    }

    /** The same for JSSE. */
    TrustManager[] managers() {
        if (!asks()) {
            return new TrustManager[0];
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
            parameters.setRevocationEnabled(!revocations.isEmpty());
            if (!revocations.isEmpty()) {
                parameters.addCertStore(
                        CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocations)));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException("this Java runtime cannot verify certificates", e);
        }
    }
}
