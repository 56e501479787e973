// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.limit;

import io.waffle.api.ClientAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Sixty-four bits that stand for a client, a value of a field or whatever else is counted: SipHash-2-4 (Aumasson, Bernstein, 2012) under a key of
 * this process. Who cannot tell which keys meet in one place of a table cannot push another out of it, nor into it.
 *
 * <p>Threading: immutable. Allocates nothing.
 */
public final class KeyedHash {

    private static final long C0 = 0x736f6d6570736575L;
    private static final long C1 = 0x646f72616e646f6dL;
    private static final long C2 = 0x6c7967656e657261L;
    private static final long C3 = 0x7465646279746573L;

    private final long k0;
    private final long k1;

    /** By a key of 128 bits. */
    public KeyedHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** By a key that nobody knows. */
    public static KeyedHash secret() {
        SecureRandom random = new SecureRandom();
        return new KeyedHash(random.nextLong(), random.nextLong());
    }

    /** Of a client: an IPv4 address, or the {@code /64} of an IPv6 address, which is what one client gets of a provider (RFC 6177). */
    public long of(ClientAddress client) {
        return of(client.high(), client.isIPv4() ? client.low() : 0);
    }

    /** Of sixteen bytes, given as two longs in little-endian order. */
    public long of(long first, long second) {
        State state = new State();
        state.word(first);
        state.word(second);
        return state.end(16L << 56);
    }

    /** Of the bytes from {@code from} up to {@code to} of a buffer, whatever its order and position. */
    public long of(ByteBuffer bytes, int from, int to) {
        State state = new State();
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            state.word(word(bytes, at, Long.BYTES));
        }
        return state.end((long) (to - from) << 56 | word(bytes, at, to - at));
    }

    private static long word(ByteBuffer bytes, int at, int count) {
        long word = 0;
        for (int i = count - 1; i >= 0; i--) {
            word = word << 8 | (bytes.get(at + i) & 0xFF);
        }
        return word;
    }

    /** Does not outlive its method, so that the compiler keeps it in registers. */
    private final class State {

        private long v0 = k0 ^ C0;
        private long v1 = k1 ^ C1;
        private long v2 = k0 ^ C2;
        private long v3 = k1 ^ C3;

        void word(long word) {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        }

        long end(long last) {
            word(last);
            v2 ^= 0xFF;
            round();
            round();
            round();
            round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
