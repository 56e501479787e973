// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Locale;

/** The secret that whoever changes something has to know. It is in no message and no log. */
public final class Token {

    private static final int LEAST = 16;
    private static final int MOST = 1024;
    private static final int LARGEST_FILE = 64 * 1024;
    private static final String SCHEME = "bearer ";

    private final byte[] secret;

    private Token(byte[] secret) {
        this.secret = secret;
    }

    /**
     * Reads it from a file, without the white space around it.
     *
     * @throws TokenException if that is no token
     */
    public static Token load(Path file) throws TokenException {
        String text;
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new TokenException(file, "more than " + LARGEST_FILE + " bytes", expected());
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new TokenException(file, "cannot be read", "a file that can be read; " + e.getMessage());
        }
        if (text.length() < LEAST || text.length() > MOST) {
            throw new TokenException(file, text.length() + " characters", expected());
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new TokenException(file, "characters that no field can carry", expected());
        }
        return new Token(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String expected() {
        return "a token of " + LEAST + " to " + MOST + " characters, ASCII without blanks";
    }

    /** Whether this value of {@code Authorization} is of the kind that carries a token. */
    static boolean hasScheme(String authorization) {
        return authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME);
    }

    /** Whether this value of {@code Authorization} carries it; takes as long for a near miss as for a wild guess. */
    boolean isIn(String authorization) {
        if (!hasScheme(authorization)) {
            return false;
        }
        String given = authorization.substring(SCHEME.length()).strip();
        return MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
    }
}
