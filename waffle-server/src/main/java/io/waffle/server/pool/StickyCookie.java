// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.LongStream;

/** The cookie that keeps clients with one backend: the token that stands for the backend, and the fields that set it. Immutable. */
public final class StickyCookie {

    /** Two for each token, the high half first. */
    private final long[] halves;

    private final byte[] plain;
    private final byte[] secure;

    /**
     * @param tokens 16 bytes each; the first is the value, all are known
     * @param attributes what is written behind the value
     * @param forHttps whether it is of no use without {@code Secure}
     */
    StickyCookie(String name, List<byte[]> tokens, String attributes, boolean forHttps) {
        halves = tokens.stream()
                .map(ByteBuffer::wrap)
                .flatMapToLong(token -> LongStream.of(token.getLong(), token.getLong()))
                .toArray();
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(tokens.getFirst());
        String field = "Set-Cookie: " + name + "=" + value + attributes;
        secure = (field + "; Secure\r\n").getBytes(StandardCharsets.US_ASCII);
        plain = forHttps ? secure : (field + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The field line that sets it, with its end. Not to be changed. */
    public byte[] field(boolean https) {
        return https ? secure : plain;
    }

    /** Whether the token is one of those it is known by; in the same time however much of it is right. */
    boolean has(long high, long low) {
        boolean found = false;
        for (int i = 0; i < halves.length; i += 2) {
            found |= ((halves[i] ^ high) | (halves[i + 1] ^ low)) == 0;
        }
        return found;
    }

    /** Whether the token is the one it is set with. */
    boolean isSetWith(long high, long low) {
        return ((halves[0] ^ high) | (halves[1] ^ low)) == 0;
    }

    /** How many tokens it is known by. */
    int tokens() {
        return halves.length / 2;
    }

    /** A number that is as random as that token. */
    int hash(int token) {
        return (int) halves[2 * token + 1];
    }
}
