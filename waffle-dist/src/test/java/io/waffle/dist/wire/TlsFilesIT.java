// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that TLS cannot be served with: one line that names the file and what is wrong with it, and exit code 2. */
final class TlsFilesIT {
    private final Path folder;

    TlsFilesIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        TestCertificates certificates = TestCertificates.shared();
        certificates.rsa().write(folder, "rsa");
        certificates.ec().write(folder, "ec");
        Files.writeString(folder.resolve("garbage"), "not PEM at all\n");
        Files.writeString(folder.resolve("empty"), "");
        String pem = Files.readString(folder.resolve("rsa.pem"));
        Files.writeString(folder.resolve("cut.pem"), pem.substring(0, 300));
        String encrypted = Files.readString(folder.resolve("rsa.key")).replace("PRIVATE", "ENCRYPTED PRIVATE");
        Files.writeString(folder.resolve("encrypted.key"), encrypted);
        Files.createDirectory(folder.resolve("folder"));
    }

    /** The last column is the file to blame. */
    @ParameterizedTest(name = "-tls-cert {0} -tls-key {1}")
    @DisplayName("files that are missing, of another kind, broken, or do not belong together")
    @CsvSource({
        "rsa.pem, ec.key, ec.key",
        "ec.pem, rsa.key, rsa.key",
        "none.pem, rsa.key, none.pem",
        "rsa.pem, none.key, none.key",
        "garbage, rsa.key, garbage",
        "rsa.pem, garbage, garbage",
        "empty, rsa.key, empty",
        "cut.pem, rsa.key, cut.pem",
        "rsa.pem, encrypted.key, encrypted.key",
        "folder, rsa.key, folder",
        "rsa.key, rsa.pem, rsa.key",
    })
    void refused(String certificate, String key, String blamed) {
        String[] flags = {"-tls-cert", path(certificate), "-tls-key", path(key)};
        assertRefused(blamed, flags);
    }

    @ParameterizedTest
    @DisplayName("files of authorities for backends that are missing or broken")
    @CsvSource({"none.pem", "garbage", "cut.pem"})
    void refusedAuthority(String file) {
        assertRefused(file, "-backend-tls-ca-file", path(file));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    @DisplayName("a key that may not be read")
    void unreadable() throws IOException {
        Path key = folder.resolve("rsa.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(key), "who runs this may read everything");
        assertRefused("rsa.key", "-tls-cert", path("rsa.pem"), "-tls-key", key.toString());
    }

    private void assertRefused(String blamed, String... flags) {
        String[] all = new String[flags.length + 4];
        System.arraycopy(new String[] {"-listen", "127.0.0.1:0", "-backends", "https://127.0.0.1:1"}, 0, all, 0, 4);
        System.arraycopy(flags, 0, all, 4, flags.length);
        WaffleProcess.Ended ended = WaffleProcess.run(all);
        assertEquals(2, ended.code(), ended.output());
        assertTrue(ended.output().contains(path(blamed)), () -> ended.output() + "(expected: it names " + blamed + ")");
        long lines = ended.output()
                .lines()
                .filter(line -> line.contains(folder.toString()))
                .count();
        assertEquals(1, lines, ended.output());
        assertTrue(ended.output().lines().noneMatch(line -> line.matches("\\s+at .*|.*Exception.*")), ended.output());
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
