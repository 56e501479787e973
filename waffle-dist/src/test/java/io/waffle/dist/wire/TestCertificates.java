// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import io.waffle.server.tls.TestAuthority;
import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.SSLContext;

/** A root, an intermediate, and server certificates for 127.0.0.1 and waffle.test below it, made once per run. */
final class TestCertificates {
    private final TestAuthority root;
    private final TestAuthority intermediate;
    private final Issued rsa;
    private final Issued ec;

    private TestCertificates() throws GeneralSecurityException {
        root = TestAuthority.root("Waffle test root", "secp256r1");
        intermediate = root.intermediate("Waffle test intermediate", "secp256r1");
        rsa = intermediate.issue("RSA", "waffle.test", "127.0.0.1");
        ec = intermediate.issue("secp256r1", "waffle.test", "127.0.0.1");
    }

    private static final class Holder {
        static final TestCertificates SHARED = create();

        private static TestCertificates create() {
            try {
                return new TestCertificates();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static TestCertificates shared() {
        return Holder.SHARED;
    }

    Issued rsa() {
        return rsa;
    }

    Issued ec() {
        return ec;
    }

    /** One of its own, from the root itself, that is valid until then. */
    Issued issue(Instant until, String... names) {
        try {
            Instant from = Instant.parse("2020-01-01T00:00:00Z");
            return root.issue(TestAuthority.keyPair("secp256r1"), from, until, names);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of its own, from the intermediate, with a key of this kind. */
    Issued issue(String kind, String... names) {
        try {
            return intermediate.issue(kind, names);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String rootPem() {
        return TestAuthority.pem(root.certificate());
    }

    /** Trusts the root, and nothing else. */
    SSLContext clientContext() {
        try {
            return root.clientContext();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same, showing this certificate. */
    SSLContext clientContext(Issued shown) {
        try {
            return root.clientContext(shown);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the root has revoked, until then. */
    String crlPem(Instant until, X509Certificate... revoked) {
        try {
            return root.crlPem(until, revoked);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a server that shows this certificate with its chain. */
    static SSLContext serverContext(Issued issued) {
        try {
            return issued.serverContext();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key as RFC 8017 or RFC 5915 have it, which is inside the PKCS#8 wrapping, with the PEM label of its format. */
    static String traditionalPem(PrivateKey key) {
        byte[] inner = octetString(key.getEncoded());
        return key.getAlgorithm().equals("RSA")
                ? TestAuthority.pem("RSA PRIVATE KEY", inner)
                : TestAuthority.pem("EC PRIVATE KEY", withCurve(inner));
    }

    /** On its own it must name its curve, which otherwise the wrapping does: {@code parameters [0]}, here secp256r1, behind the key. */
    private static byte[] withCurve(byte[] ecPrivateKey) {
        int version = contents(ecPrivateKey, 0);
        int end = next(ecPrivateKey, next(ecPrivateKey, version));
        return TestAuthority.der(
                0x30,
                Arrays.copyOfRange(ecPrivateKey, version, end),
                TestAuthority.hex("a00a06082a8648ce3d030107"),
                Arrays.copyOfRange(ecPrivateKey, end, ecPrivateKey.length));
    }

    static Path write(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PrivateKeyInfo is a sequence of version, algorithm (a sequence) and an octet string, which ends it here. */
    private static byte[] octetString(byte[] pkcs8) {
        int at = contents(pkcs8, 0);
        at = next(pkcs8, at);
        at = next(pkcs8, at);
        return Arrays.copyOfRange(pkcs8, contents(pkcs8, at), next(pkcs8, at));
    }

    private static int next(byte[] der, int at) {
        int length = der[at + 1] & 0xFF;
        int contents = contents(der, at);
        if (length > 0x80) {
            int longForm = 0;
            for (int i = at + 2; i < contents; i++) {
                longForm = (longForm << 8) | (der[i] & 0xFF);
            }
            length = longForm;
        }
        return contents + length;
    }

    private static int contents(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first > 0x80 ? first - 0x80 : 0);
    }
}
