// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The cookie that keeps clients with one backend: the token that stands for the backend, and the fields that set it. Immutable. */
public final class StickyCookie {

    private final long high;
    private final long low;
    private final byte[] plain;
    private final byte[] secure;

    /**
     * @param token 16 bytes
     * @param attributes what is written behind the value
     */
    StickyCookie(String name, byte[] token, String attributes) {
        ByteBuffer halves = ByteBuffer.wrap(token);
        high = halves.getLong();
        low = halves.getLong();
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        String field = "Set-Cookie: " + name + "=" + value + attributes;
        plain = (field + "\r\n").getBytes(StandardCharsets.US_ASCII);
        secure = (field + "; Secure\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The field line that sets it, with its end. Not to be changed. */
    public byte[] field(boolean https) {
        return https ? secure : plain;
    }

    /** In the same time however much of the token is right. */
    boolean has(long high, long low) {
        return ((this.high ^ high) | (this.low ^ low)) == 0;
    }

    /** A number that is as random as the token. */
    int hash() {
        return (int) low;
    }
}
