// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A file whose bytes are a secret, whatever they are; an end of line behind them, which editors add, is not part of it. */
public final class SecretFile {

    /** As much as nobody can guess. */
    private static final int LEAST = 16;

    private static final int MOST = 4 * 1024;

    private SecretFile() {}

    /** The secret; an exception says in a few words why there is none. */
    public static byte[] read(Path file) throws IOException {
        return read(file, LEAST);
    }

    /** The same of at least so many bytes. */
    public static byte[] read(Path file, int least) throws IOException {
        byte[] secret;
        try (InputStream in = Files.newInputStream(file)) {
            secret = withoutLineEnd(in.readNBytes(MOST + 3)); // the end of a line, and one too many
        }
        if (secret.length < least) {
            throw new IOException("it has " + secret.length + " bytes");
        }
        if (secret.length > MOST) {
            throw new IOException("it has more bytes");
        }
        return secret;
    }

    /** What is expected of a file that holds no secret; nothing is said here of one that cannot be read. */
    static Optional<String> problem(Path file) {
        return problem(file, LEAST);
    }

    /** The same of at least so many bytes. */
    static Optional<String> problem(Path file, int least) {
        if (FileChecks.unreadable(file).isPresent()) {
            return Optional.empty();
        }
        try {
            read(file, least);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("a file with a secret of " + least + " to " + MOST + " bytes; " + e.getMessage());
        }
    }

    private static byte[] withoutLineEnd(byte[] bytes) {
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == '\n') {
            end--;
            if (end > 0 && bytes[end - 1] == '\r') {
                end--;
            }
        }
        return Arrays.copyOf(bytes, end);
    }
}
