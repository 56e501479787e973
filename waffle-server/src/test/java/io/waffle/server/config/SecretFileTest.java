// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretFileTest {

    private static final String TEXT = "0123456789abcdef";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void anEndOfLineBehindItIsNotPartOfIt(String end) throws IOException {
        assertArrayEquals(bytes(TEXT), SecretFile.read(file(bytes(TEXT + end))));
        assertEquals(
                Optional.of("a file with a secret of 16 to 4096 bytes; it has 15 bytes"),
                SecretFile.problem(file(bytes(TEXT.substring(1) + end))));
    }

    @Test
    void anyBytesWillDo() throws IOException {
        byte[] random = new byte[4096];
        new Random(7).nextBytes(random);
        assertArrayEquals(random, SecretFile.read(file(random)));
        byte[] inner = bytes("\n\r\n 0123456789abcdef\r");
        assertArrayEquals(inner, SecretFile.read(file(inner)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void itIsBounded(String end) throws IOException {
        assertEquals(Optional.empty(), SecretFile.problem(file(bytes("x".repeat(4096) + end))));
        for (int more : new int[] {1, 2, 3, 100_000}) {
            assertEquals(
                    Optional.of("a file with a secret of 16 to 4096 bytes; it has more bytes"),
                    SecretFile.problem(file(bytes("x".repeat(4096 + more) + end))));
        }
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("key"), bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
