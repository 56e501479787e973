// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.config.TlsPolicyConfig;
import io.waffle.server.config.TlsPolicyConfig.Version;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Which TLS is spoken: versions, suites and groups, by their registered names. What is not configured is authenticated encryption with forward
 * secrecy (RFC 9325 section 4.2). The 128-bit suite comes first, as in every current server: it is safe and the cheaper one.
 *
 * @param with12 whether TLS 1.2 is spoken besides 1.3
 * @param named what somebody has named, and so has to be known to the provider
 * @param groups none for the provider's own
 */
record TlsPolicy(
        boolean with12, List<String> suites13, List<String> suites12, List<String> named, List<String> groups) {

    private static final List<String> SUITES_13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    private static final List<String> SUITES_12 = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static final TlsPolicy DEFAULT = new TlsPolicy(true, SUITES_13, SUITES_12, List.of(), List.of());

    static TlsPolicy of(TlsPolicyConfig config) {
        List<String> named =
                config.ciphers().stream().map(CipherNames::registered).toList();
        List<String> named13 = named.stream().filter(CipherNames::isOf13).toList();
        List<String> named12 =
                named.stream().filter(name -> !CipherNames.isOf13(name)).toList();
        return new TlsPolicy(
                config.lowest() == Version.TLS_1_2,
                named13.isEmpty() ? SUITES_13 : named13,
                named12.isEmpty() ? SUITES_12 : named12,
                named,
                config.groups().stream().map(CipherNames::group).toList());
    }

    /** The same for an engine of the JDK. */
    SSLParameters parameters() {
        String[] protocols = with12 ? new String[] {"TLSv1.3", "TLSv1.2"} : new String[] {"TLSv1.3"};
        String[] suites = (with12 ? Stream.concat(suites13.stream(), suites12.stream()) : suites13.stream())
                .toArray(String[]::new);
        SSLParameters parameters = new SSLParameters(suites, protocols);
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(TlsRules.applicationProtocols());
        if (!groups.isEmpty()) {
            parameters.setNamedGroups(groups.toArray(String[]::new));
        }
        return parameters;
    }

    /** What of it the JDK does not know. */
    Optional<TlsConfigException> unknownTo(SSLContext context) {
        SSLParameters supported = context.getSupportedSSLParameters();
        Set<String> suites = new HashSet<>(Arrays.asList(supported.getCipherSuites()));
        Optional<String> suite =
                named.stream().filter(name -> !suites.contains(name)).findFirst();
        if (suite.isPresent()) {
            return suite.map(name -> unknownSuite(name, "Java's TLS"));
        }
        String[] known = supported.getNamedGroups();
        if (known == null) {
            return Optional.empty();
        }
        Set<String> all = new HashSet<>(Arrays.asList(known));
        return groups.stream()
                .filter(name -> !all.contains(name))
                .findFirst()
                .map(name -> unknownGroup(name, "Java's TLS"));
    }

    static TlsConfigException unknownSuite(String name, String provider) {
        return new TlsConfigException(
                TlsConfigException.Part.CIPHERS,
                name + " (expected: a cipher suite that " + provider + " has, such as TLS_AES_128_GCM_SHA256)");
    }

    static TlsConfigException unknownGroup(String name, String provider) {
        return new TlsConfigException(
                TlsConfigException.Part.GROUPS,
                name + " (expected: a group that " + provider + " has, such as x25519 or secp256r1)");
    }
}
