// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateFolderTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T00:00:00Z"), ZoneOffset.UTC);

    private static TestAuthority root;

    @TempDir
    Path folder;

    @BeforeAll
    static void make() throws GeneralSecurityException {
        root = TestAuthority.root("Folder Root", "secp256r1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "secp256r1", "secp384r1", "Ed25519"})
    void whatIsFoundInTheDerIsWhatTheJdkFinds(String kind) throws Exception {
        Issued issued =
                root.issue(kind, "App.Example", "*.app.example", "127.0.0.1", "a*b.example", "*", "end.example.");
        CertificateFacts facts =
                CertificateFacts.read(issued.leaf().getEncoded()).facts();
        assertEquals(List.of("app.example", "*.app.example", "end.example"), facts.names());
        String algorithm = issued.leaf().getPublicKey().getAlgorithm();
        assertEquals(kind.equals("Ed25519") ? "EdDSA" : algorithm, facts.keyAlgorithm());
        assertEquals(issued.leaf().getNotBefore().toInstant(), facts.from());
        assertEquals(issued.leaf().getNotAfter().toInstant(), facts.to());
    }

    @Test
    void damagedDerIsRefusedWhereverItIsCut() throws Exception {
        byte[] der = root.issue("secp256r1", "app.example").leaf().getEncoded();
        for (int length = 0; length < der.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(der, length);
            assertThrows(IllegalArgumentException.class, () -> CertificateFacts.read(cut));
        }
    }

    @Test
    void onlyWhatHasChangedIsReadAgain() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            write(name, "secp256r1", name + ".test");
        }
        List<NamedCertificate> before = CertificateFolder.read(folder, CLOCK).certificates();
        write("b", "secp256r1", "other.test");
        List<NamedCertificate> after = CertificateFolder.read(folder, CLOCK).certificates();
        assertSame(before.get(0), after.get(0));
        assertNotSame(before.get(1), after.get(1));
        assertEquals(List.of("other.test"), after.get(1).facts().names());
        assertSame(before.get(2), after.get(2));
    }

    @Test
    void aBrokenFileIsNamedAndTheOthersAreThere() throws Exception {
        write("good", "secp256r1", "good.test");
        write("mismatch", "secp256r1", "mismatch.test");
        Files.copy(folder.resolve("good.key"), folder.resolve("lonely.key"));
        root.issue("secp256r1", "x.test").write(folder, "other");
        Files.move(
                folder.resolve("other.key"),
                folder.resolve("mismatch.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve("garbage.pem"), "nothing");
        Files.writeString(folder.resolve("nokey.crt"), Files.readString(folder.resolve("good.pem")));
        Files.createDirectories(folder.resolve("empty"));
        Files.writeString(folder.resolve(".hidden.pem"), "nothing");
        CertificateFolder read = CertificateFolder.read(folder, CLOCK);
        assertEquals(
                List.of("good"),
                read.certificates().stream().map(NamedCertificate::name).toList());
        for (String blamed : List.of("lonely.key", "mismatch.key", "garbage.pem", "nokey.key", "other.pem")) {
            assertTrue(
                    read.warnings().stream().anyMatch(line -> line.startsWith(folder.resolve(blamed) + ":")), blamed);
        }
        assertEquals(5, read.warnings().size(), read.warnings().toString());
    }

    @Test
    void nothingOfUseIsAnError() {
        TlsConfigException e = assertThrows(TlsConfigException.class, () -> CertificateFolder.read(folder, CLOCK));
        assertEquals(TlsConfigException.Part.CERTIFICATES, e.part());
    }

    /** The one called default is it unless another is named. */
    @ParameterizedTest
    @CsvSource({
        "one.test, one",
        "ONE.TEST., one",
        "any.one.test, wild",
        "a.any.one.test, default",
        "test, default",
        "'', default",
        "., default",
        ".one.test, default",
        ", default",
    })
    void theVeryNameThenAWildcardOfOneLabelThenTheDefault(@Nullable String asked, String expected) throws Exception {
        write("default", "secp256r1", "default.test");
        write("one", "secp256r1", "one.test");
        write("wild", "secp256r1", "*.one.test");
        CertificateTable table = table(false);
        assertEquals(List.of(expected), names(table.of(asked)));
        assertFalse(table.refuses(asked));
        boolean known = !expected.equals("default");
        assertEquals(!known, table(true).refuses(asked));
    }

    @Test
    void oneOfEachKindAndOfTwoOfAKindTheValidOneThatLastsLonger() throws Exception {
        write("rsa", "RSA", "app.test");
        Issued old = root.issue(
                TestAuthority.keyPair("secp256r1"),
                Instant.parse("2020-01-01T00:00:00Z"),
                Instant.parse("2026-12-24T00:00:00Z"),
                "app.test");
        old.write(folder, "a-old");
        write("ec", "secp256r1", "app.test");
        Issued early = root.issue(
                TestAuthority.keyPair("secp256r1"),
                Instant.parse("2026-12-01T00:00:00Z"),
                Instant.parse("2049-06-01T00:00:00Z"),
                "app.test");
        early.write(folder, "not-yet");
        CertificateTable table = table(false);
        assertEquals(
                List.of("ec", "rsa"),
                names(table.of("app.test")).stream().sorted().toList());
        assertEquals(
                List.of("a-old", "rsa"),
                names(table.fallback()),
                "the first by name, with the other kind for its name");
        assertTrue(
                table.warnings().stream().anyMatch(line -> line.contains("not-yet.pem: never shown")),
                table.warnings()::toString);
    }

    private CertificateTable table(boolean refuses) throws TlsConfigException {
        return new CertificateTable(
                CertificateFolder.read(folder, CLOCK).certificates(), null, refuses, CLOCK.instant());
    }

    private static List<String> names(List<NamedCertificate> certificates) {
        return certificates.stream().map(NamedCertificate::name).toList();
    }

    private void write(String name, String kind, String... names) throws GeneralSecurityException, IOException {
        root.issue(kind, names).write(folder, name);
    }

    /** Names as people have them, in either form. */
    static Stream<String> suites() {
        return Stream.of(
                "ECDHE-ECDSA-AES128-GCM-SHA256=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "ECDHE-RSA-CHACHA20-POLY1305=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                "DHE-RSA-AES256-GCM-SHA384=TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
                "ECDHE-RSA-AES256-SHA=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
                "ECDHE-RSA-AES128-SHA256=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");
    }

    @Test
    void suitesHaveTwoNames() {
        suites().map(pair -> pair.split("=", 2)).forEach(pair -> {
            assertEquals(pair[1], CipherNames.registered(pair[0]));
            assertEquals(pair[1], CipherNames.registered(pair[1]));
            assertEquals(pair[0], CipherNames.openSsl(pair[1]));
        });
        assertTrue(CipherNames.isOf13("TLS_AES_128_GCM_SHA256"));
        assertEquals("secp256r1", CipherNames.group("prime256v1"));
        assertEquals("X25519MLKEM768", CipherNames.group("X25519MLKEM768"));
    }
}
