// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of cipher suites and groups: those of the IANA registries are the ones we compute with, and the JDK's; OpenSSL has its own for the
 * suites of TLS 1.2, and people have either in their files. A name neither rule knows stays as it is, for the provider to know or not.
 */
final class CipherNames {

    private static final Pattern OPENSSL =
            Pattern.compile("(ECDHE|DHE)-(RSA|ECDSA)-(AES(128|256)-(GCM-)?SHA(256|384)?|CHACHA20-POLY1305)");

    private static final Map<String, String> GROUPS = Map.of(
            "P-256", "secp256r1",
            "PRIME256V1", "secp256r1",
            "P-384", "secp384r1",
            "P-521", "secp521r1",
            "X25519", "x25519",
            "X448", "x448");

    private CipherNames() {}

    /** The registry's name. */
    static String registered(String name) {
        Matcher suite = OPENSSL.matcher(name);
        if (!suite.matches()) {
            return name;
        }
        String keys = "TLS_" + suite.group(1) + "_" + suite.group(2) + "_WITH_";
        if (suite.group(4) == null) {
            return keys + "CHACHA20_POLY1305_SHA256";
        }
        String mode = suite.group(5) == null ? "_CBC_SHA" : "_GCM_SHA";
        return keys + "AES_" + suite.group(4) + mode + (suite.group(6) == null ? "" : suite.group(6));
    }

    /** OpenSSL's name of a suite of TLS 1.2. */
    static String openSsl(String registered) {
        if (!registered.startsWith("TLS_")) {
            return registered;
        }
        String name = registered
                .substring("TLS_".length())
                .replace("_WITH_", "-")
                .replace("AES_", "AES")
                .replace("_CBC_", "-")
                .replace("CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305")
                .replace('_', '-');
        return name.startsWith("RSA-") ? name.substring("RSA-".length()) : name;
    }

    /** Whether it is one of TLS 1.3, whose names say nothing of how keys are exchanged. */
    static boolean isOf13(String registered) {
        return registered.startsWith("TLS_") && !registered.contains("_WITH_");
    }

    /** The registry's name of a group. */
    static String group(String name) {
        return GROUPS.getOrDefault(name.toUpperCase(Locale.ROOT), name);
    }
}
