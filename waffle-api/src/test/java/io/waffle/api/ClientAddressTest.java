// SPDX-License-Identifier: Apache-2.0
package io.waffle.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, true, 0, ffffc0000201",
        "0.0.0.0, true, 0, ffff00000000",
        "255.255.255.255, true, 0, ffffffffffff",
        "2001:db8::1, false, 20010db800000000, 1",
        "::, false, 0, 0",
        "2001:db8:0:1:1:1:1:1, false, 20010db800000001, 1000100010001",
        "2001:0:0:1::1, false, 2001000000000001, 1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, false, ffffffffffffffff, ffffffffffffffff"
    })
    void anAddressIsItsBitsAndBack(String literal, boolean v4, String high, String low) throws UnknownHostException {
        ClientAddress address = ClientAddress.of(InetAddress.getByName(literal));
        assertEquals(Long.parseUnsignedLong(high, 16), address.high());
        assertEquals(Long.parseUnsignedLong(low, 16), address.low());
        assertEquals(v4, address.isIPv4());
        assertEquals(literal, address.toString());
        assertEquals(InetAddress.getByName(literal), address.toInetAddress());
    }
}
