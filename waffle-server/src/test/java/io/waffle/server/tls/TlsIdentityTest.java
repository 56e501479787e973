// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIdentityTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T00:00:00Z"), ZoneOffset.UTC);

    private static TestAuthority root;
    private static TestAuthority middle;
    private static Issued rsa;
    private static Issued ec;

    @TempDir
    Path folder;

    @BeforeAll
    static void issue() throws GeneralSecurityException {
        root = TestAuthority.root("Test Root", "secp256r1");
        middle = root.intermediate("Test Intermediate", "secp256r1");
        rsa = middle.issue("RSA", "app.example");
        ec = middle.issue("secp256r1", "app.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "secp256r1", "secp384r1", "secp521r1", "Ed25519", "Ed448"})
    void pkcs8(String kind) throws Exception {
        Issued issued = root.issue(kind, "app.example");
        TlsIdentity identity = load(TestAuthority.pem(issued.chain()), pkcs8Pem(issued));
        assertArrayEquals(issued.key().getEncoded(), identity.key().getEncoded());
        assertEquals(issued.chain(), identity.chain());
        assertEquals(List.of(), identity.warnings());
    }

    @Test
    void pkcs1() throws Exception {
        TlsIdentity identity = load(TestAuthority.pem(rsa.chain()), TestAuthority.pem("RSA PRIVATE KEY", inner(rsa)));
        assertArrayEquals(rsa.key().getEncoded(), identity.key().getEncoded());
    }

    @ParameterizedTest
    @CsvSource({
        "secp256r1, 06082a8648ce3d030107",
        "secp384r1, 06052b81040022",
        "secp521r1, 06052b81040023",
    })
    void sec1AfterItsParameters(String kind, String curve) throws Exception {
        Issued issued = root.issue(kind, "app.example");
        String parameters = TestAuthority.pem("EC PARAMETERS", TestAuthority.hex(curve));
        String key = TestAuthority.pem("EC PRIVATE KEY", sec1(issued, TestAuthority.hex(curve)));
        TlsIdentity identity = load(TestAuthority.pem(issued.chain()), parameters + key);
        assertEquals(((ECPrivateKey) issued.key()).getS(), ((ECPrivateKey) identity.key()).getS());
    }

    @Test
    void commentsAndOtherBlocksAreSkippedAndOneFileMayHoldAll() throws Exception {
        String junk = "subject=/CN=app\nBag Attributes: none\n" + TestAuthority.pem("DH PARAMETERS", new byte[] {1});
        String all = junk + pkcs8Pem(ec) + "\r\n# the chain\r\n"
                + TestAuthority.pem(ec.chain()).replace("\n", "\r\n");
        Path file = Files.writeString(folder.resolve("all.pem"), all);
        TlsIdentity identity = TlsIdentity.load(file, file, CLOCK);
        assertEquals(ec.chain(), identity.chain());
    }

    @Test
    void aChainInTheWrongOrderIsMended() throws Exception {
        List<String> pems = List.of(
                TestAuthority.pem(root.certificate()),
                TestAuthority.pem(TestAuthority.renewed(root, "secp256r1").certificate()),
                TestAuthority.pem(middle.certificate()),
                TestAuthority.pem(ec.leaf()));
        TlsIdentity identity = load(String.join("", pems), pkcs8Pem(ec));
        assertEquals(List.of(ec.leaf(), middle.certificate(), root.certificate()), identity.chain());
        assertEquals(
                List.of(folder.resolve("cert.pem")
                        + ": the certificate of CN=Test Root is not sent, since it is not in the chain of"
                        + " CN=app.example"),
                identity.warnings());
    }

    @ParameterizedTest
    @CsvSource({
        "2020-01-01T00:00:00Z, 2026-11-22T23:59:59Z, expired at 2026-11-22T23:59:59Z",
        "2026-11-23T00:00:01Z, 2030-01-01T00:00:00Z, is not valid before 2026-11-23T00:00:01Z",
    })
    void aCertificateOutOfItsTimeIsAWarning(Instant from, Instant to, String what) throws Exception {
        Issued issued = root.issue(TestAuthority.keyPair("secp256r1"), from, to, "late.example");
        TlsIdentity identity = load(TestAuthority.pem(issued.chain()), pkcs8Pem(issued));
        assertEquals(
                List.of(folder.resolve("cert.pem") + ": the certificate of CN=late.example " + what),
                identity.warnings());
    }

    @Test
    void everyWrongFileHasItsMessage() throws Exception {
        String cert = TestAuthority.pem(ec.chain());
        String key = pkcs8Pem(ec);
        String noEnd = key.substring(0, key.indexOf("-----END"));
        byte[] sec1NoCurve = sec1(ec, new byte[0]);
        String spelledOut = TestAuthority.pem("EC PRIVATE KEY", sec1(ec, TestAuthority.hex("3003020101")));
        String otherCurve = TestAuthority.pem("EC PRIVATE KEY", sec1(ec, TestAuthority.hex("06052b8104000a")));
        String proc =
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";

        List<String> failures = new ArrayList<>();
        wrong(
                failures,
                "",
                key,
                "cert.pem: no certificate: no PEM block at all (expected: a PEM file with one or more");
        wrong(failures, "hello", key, "cert.pem: no certificate: no PEM block at all (expected:");
        wrong(failures, key, cert, "cert.pem: no certificate: only PRIVATE KEY (expected:");
        wrong(
                failures,
                cert,
                cert,
                "key.pem: no private key: only CERTIFICATE (expected: a PEM file with a PRIVATE KEY,");
        wrong(
                failures,
                block("CERTIFICATE", "!!!"),
                key,
                "cert.pem: the CERTIFICATE block at line 1 is not valid base64");
        wrong(failures, block("CERTIFICATE", ""), key, "cert.pem: the CERTIFICATE block at line 1 is empty");
        wrong(failures, "x\n" + block("CERTIFICATE", "AAAA"), key, "block at line 2 is not an X.509 certificate");
        wrong(failures, cert, noEnd, "key.pem: the PRIVATE KEY block at line 1 has no end (expected: -----END PRIVATE");
        wrong(
                failures,
                cert,
                block("PRIVATE KEY", "%%"),
                "key.pem: the PRIVATE KEY block at line 1 is not valid base64");
        wrong(failures, cert, block("PRIVATE KEY", "AAAA"), "key.pem: the PRIVATE KEY block at line 1 cannot be used:");
        wrong(
                failures,
                cert,
                block("RSA PRIVATE KEY", "MAA="),
                "key.pem: the RSA PRIVATE KEY block at line 1 cannot be");
        wrong(failures, cert, block("EC PRIVATE KEY", "MIID"), "cannot be used: 1 bytes where 2 belong");
        wrong(failures, cert, block("EC PRIVATE KEY", "MAA="), "cannot be used: 0 bytes where 2 belong");
        wrong(
                failures,
                cert,
                TestAuthority.pem("EC PRIVATE KEY", sec1NoCurve),
                "it does not name its curve (expected:");
        wrong(failures, cert, spelledOut, "its curve is spelled out, not named (expected: a key that is RSA, EC on");
        wrong(
                failures,
                cert,
                otherCurve,
                "EC PRIVATE KEY block at line 1 cannot be used: unknown curve 1.3.132.0.10 (exp");
        wrong(failures, cert, block("ENCRYPTED PRIVATE KEY", "AAAA"), "is encrypted, which is not supported");
        wrong(failures, cert, proc, "the RSA PRIVATE KEY block at line 1 is encrypted, which is not supported");
        wrong(
                failures,
                cert,
                pkcs8Pem(rsa),
                "key.pem: this RSA key does not fit the EC certificate of CN=app.example in");
        wrong(failures, cert, other("secp256r1"), "this EC key does not fit the EC certificate of CN=app.example");
        wrong(failures, cert, other("secp384r1"), "this EC key does not fit the EC certificate of CN=app.example");
        wrong(failures, TestAuthority.pem(rsa.chain()), other("RSA"), "this RSA key does not fit the RSA certificate");
        assertEquals(List.of(), failures);
    }

    @Test
    void aFileThatCannotBeReadHasItsMessage() throws Exception {
        Path missing = folder.resolve("missing.pem");
        Path binary = Files.write(folder.resolve("cert.der"), ec.leaf().getEncoded());
        assertMessage(missing + ": no such file (expected: a PEM file with one or more CERTIFICATE blocks)", missing);
        assertMessage(folder + ": is a directory (expected: a PEM file", folder);
        assertMessage(binary + ": binary (DER or PKCS#12) data, not PEM text (expected: a PEM file", binary);
    }

    private static void assertMessage(String expected, Path certFile) {
        TlsConfigException e =
                assertThrows(TlsConfigException.class, () -> TlsIdentity.load(certFile, certFile, CLOCK));
        assertTrue(e.getMessage().startsWith(expected), e.getMessage());
    }

    private void wrong(List<String> failures, String cert, String key, String expected) throws IOException {
        try {
            load(cert, key);
            failures.add("accepted, but expected: " + expected);
        } catch (TlsConfigException e) {
            String message = e.getMessage();
            if (!message.contains(expected) || message.lines().count() != 1 || !message.startsWith(folder.toString())) {
                failures.add(message + "\n  expected: " + expected);
            }
        }
    }

    private TlsIdentity load(String cert, String key) throws IOException, TlsConfigException {
        Path certFile = Files.writeString(folder.resolve("cert.pem"), cert);
        Path keyFile = Files.writeString(folder.resolve("key.pem"), key);
        return TlsIdentity.load(certFile, keyFile, CLOCK);
    }

    private static String block(String label, String base64) {
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private static String other(String kind) throws GeneralSecurityException {
        KeyPair keys = TestAuthority.keyPair(kind);
        return TestAuthority.pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static String pkcs8Pem(Issued issued) {
        return TestAuthority.pem("PRIVATE KEY", issued.key().getEncoded());
    }

    /** What a PKCS#8 envelope holds: a PKCS#1 key, or a SEC1 key without its curve. */
    private static byte[] inner(Issued issued) {
        ByteBuffer info = Der.enter(ByteBuffer.wrap(issued.key().getEncoded()), Der.SEQUENCE);
        Der.next(info);
        Der.next(info);
        ByteBuffer key = Der.enter(info, Der.OCTET_STRING);
        byte[] bytes = new byte[key.remaining()];
        key.get(bytes);
        return bytes;
    }

    /** As OpenSSL writes it: version, key, curve. */
    private static byte[] sec1(Issued issued, byte[] curve) {
        ByteBuffer key = Der.enter(ByteBuffer.wrap(inner(issued)), Der.SEQUENCE);
        byte[] version = Der.next(key);
        byte[] number = Der.next(key);
        byte[] parameters = curve.length == 0 ? curve : TestAuthority.der(0xA0, curve);
        return TestAuthority.der(0x30, version, number, parameters);
    }
}
