// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the TLS rows speak: clients offer one version and one cipher suite, so that every proxy has to take the same. */
final class Tls {

    static final String CIPHER_SUITE = "TLS_AES_128_GCM_SHA256";

    private static final String OPENSSL = """
            openssl_conf = all
            [all]
            ssl_conf = ssl
            [ssl]
            system_default = rules
            [rules]
            MinProtocol = TLSv1.3
            Ciphersuites = %s
            """;

    private Tls() {}

    /** For clients that use OpenSSL, such as wrk. */
    static Map<String, String> openssl(Path folder) throws IOException {
        Path file = folder.resolve("openssl-client.conf");
        return Map.of(
                "OPENSSL_CONF",
                Files.writeString(file, OPENSSL.formatted(CIPHER_SUITE)).toString());
    }

    /** For clients in Java. */
    static List<String> javaFlags() {
        return List.of("-Djdk.tls.client.protocols=TLSv1.3", "-Djdk.tls.client.cipherSuites=" + CIPHER_SUITE);
    }
}
