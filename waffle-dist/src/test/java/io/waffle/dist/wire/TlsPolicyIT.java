// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions, cipher suites and groups: what is set is what is spoken, and what a provider has not is an error with its place. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"openssl", "jsse"})
final class TlsPolicyIT {

    private static final String TLS_1_2 = "TLSv1.2";
    private static final String TLS_1_3 = "TLSv1.3";

    private final String provider;
    private final Path folder;

    TlsPolicyIT(String provider, @TempDir Path folder) throws IOException {
        this.provider = provider;
        this.folder = folder;
        TestCertificates.shared().ec().write(folder, "server");
    }

    @Test
    @DisplayName(
            "modern is TLS 1.3 only, unless a version is named; suites and groups are those that are named, in their order")
    void spoken() throws IOException {
        try (Site site = Site.open(1, flags("-tls-profile=modern"))) {
            assertEquals(TLS_1_3, agreed(site, TLS_1_3)[0]);
            assertThrows(IOException.class, () -> agreed(site, TLS_1_2));
        }
        String[] named = flags(
                "-tls-profile=modern",
                "-tls-min-version=1.2",
                "-tls-ciphers=TLS_AES_256_GCM_SHA384,ECDHE-ECDSA-AES256-GCM-SHA384,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "-tls-groups=P-384,prime256v1");
        try (Site site = Site.open(1, named)) {
            assertEquals("TLS_AES_256_GCM_SHA384", agreed(site, TLS_1_3)[1]);
            assertEquals("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", agreed(site, TLS_1_2)[1]);
            assertThrows(IOException.class, () -> agreed(site, TLS_1_3, "x25519"));
            assertEquals(TLS_1_3, agreed(site, TLS_1_3, "x25519", "secp384r1")[0]);
            site.assertNoFaults();
        }
    }

    @Test
    @DisplayName("-check tells of a suite or group the provider has not, where it was named")
    void unknown() {
        assertRefused("-tls-ciphers: NO-SUCH-SUITE (expected: a cipher suite that", "-tls-ciphers=NO-SUCH-SUITE");
        assertRefused("-tls-groups: no_such_group (expected: a group that", "-tls-groups=x25519,no_such_group");
        assertRefused("-tls-min-version: 1.1 (expected: 1.2 or 1.3)", "-tls-min-version=1.1");
    }

    private void assertRefused(String expected, String flag) {
        List<String> all = new ArrayList<>(List.of("-check", "-backends=http://127.0.0.1:1"));
        all.addAll(List.of(flags(flag)));
        WaffleProcess.Ended ended = WaffleProcess.run(all.toArray(String[]::new));
        assertEquals(2, ended.code(), ended.output());
        assertTrue(ended.output().contains(expected), ended.output());
    }

    /** Version and suite. */
    private static String[] agreed(Site site, String version, String... groups) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                TestCertificates.shared().clientContext().getSocketFactory().createSocket("127.0.0.1", site.port())) {
            socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
            socket.setEnabledProtocols(new String[] {version});
            if (groups.length > 0) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setNamedGroups(groups);
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            return new String[] {
                socket.getSession().getProtocol(), socket.getSession().getCipherSuite()
            };
        }
    }

    private String[] flags(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "-tls-provider=" + provider,
                "-tls-cert=" + folder.resolve("server.pem"),
                "-tls-key=" + folder.resolve("server.key")));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
