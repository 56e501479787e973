// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * What both sides of Waffle speak: TLS 1.3 and 1.2, authenticated encryption with forward secrecy only (RFC 9325 section 4.2), HTTP/1.1
 * inside. The 128-bit suite comes first, as in every current server: it is safe and the cheaper one.
 */
final class TlsRules {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final String[] CIPHER_SUITES = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    };
    private static final String[] APPLICATION_PROTOCOLS = {"http/1.1"};

    /** A client that renegotiates (TLS 1.2) makes the server pay for handshakes at will. JSSE reads this once, at its first handshake. */
    private static final String REJECT_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /**
     * A listener has one identity, so the name a client asks for (SNI) changes nothing, but JSSE ends the handshake over one that is not to
     * its taste: with a final dot, or an underscore. OpenSSL does not. JSSE reads this once, too, and takes it for servers only.
     */
    private static final String IGNORED_EXTENSIONS = "jdk.tls.server.disableExtensions";

    static {
        setUnlessSet(REJECT_RENEGOTIATION, "true");
        setUnlessSet(IGNORED_EXTENSIONS, "server_name");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private TlsRules() {}

    /** Session tickets and resumption are JSSE's defaults: on. */
    static SSLContext context(KeyManager[] keyManagers, TrustManager[] trustManagers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers, trustManagers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    /** The suites of TLS 1.3 as OpenSSL wants them: by their names. */
    static String openSslSuites13() {
        return Arrays.stream(CIPHER_SUITES).filter(name -> !is12(name)).collect(Collectors.joining(":"));
    }

    /** Those of TLS 1.2, for which OpenSSL has names of its own. */
    static String openSslSuites12() {
        return Arrays.stream(CIPHER_SUITES)
                .filter(TlsRules::is12)
                .map(name -> name.replace("TLS_", "")
                        .replace("_WITH_AES_128_", "-AES128-")
                        .replace("_WITH_AES_256_", "-AES256-")
                        .replace("_WITH_CHACHA20_POLY1305_SHA256", "-CHACHA20-POLY1305")
                        .replace('_', '-'))
                .collect(Collectors.joining(":"));
    }

    private static boolean is12(String suite) {
        return suite.contains("_WITH_");
    }

    static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters(CIPHER_SUITES.clone(), PROTOCOLS.clone());
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(APPLICATION_PROTOCOLS.clone());
        return parameters;
    }
}
