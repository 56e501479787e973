// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.waffle.api.ClientAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KeyedHashTest {

    private static final KeyedHash HASH = new KeyedHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /** Of the paper's appendix A, and of its authors' list of vectors. */
    @Test
    void bytesHashAsPublished() {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        for (int i = 0; i < 64; i++) {
            bytes.put(i, (byte) i);
        }

        assertEquals(0xa129ca6149be45e5L, HASH.of(bytes, 0, 15));
        assertEquals(0x726fdb47dd0e0e31L, HASH.of(bytes, 0, 0));
    }

    @Test
    void twoWordsHashAsTheirBytesDo() {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        for (int i = 0; i < 16; i++) {
            bytes.put(i, (byte) i);
        }

        assertEquals(HASH.of(bytes, 0, 16), HASH.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L));
    }

    @Test
    void clientIsAnIpv4AddressOrTheNetworkOfAnIpv6Address() {
        assertNotEquals(hash("192.0.2.1"), hash("192.0.2.2"));
        assertEquals(hash("2001:db8:1:2::1"), hash("2001:db8:1:2:ffff::"));
        assertNotEquals(hash("2001:db8:1:2::1"), hash("2001:db8:1:3::1"));
    }

    private static long hash(String address) {
        return HASH.of(ClientAddress.of(InetAddress.ofLiteral(address)));
    }
}
