// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.api.ClientAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardedForTest {

    private static final String PEER = "10.0.0.1";

    private final ForwardedFor forwardedFor = new ForwardedFor();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1                         | 192.0.2.1",
                "1.1.1.1, 192.0.2.1                | 192.0.2.1",
                "1.1.1.1, 192.0.2.1, 10.0.0.2      | 192.0.2.1",
                "10.0.0.3 ,\t10.0.0.2              | 10.0.0.3",
                "192.0.2.1:4711                    | 192.0.2.1",
                "2001:db8::1                       | 2001:db8::1",
                "[2001:db8::1]                     | 2001:db8::1",
                "[2001:db8::1]:4711                | 2001:db8::1",
                "::ffff:192.0.2.1                  | 192.0.2.1",
                ", 192.0.2.1, ,                    | 192.0.2.1",
                "garbage, 192.0.2.1                | 192.0.2.1",
            })
    void findsTheNearestAddressThatIsNotTrusted(String value, String client) throws Exception {
        assertEquals(address(client), client(value, PEER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "unknown",
                "::",
                "192.0.2.1, [::]:80",
                "_hidden",
                "192.0.2.1, example.org",
                "192.0.2.1, 10.0.0",
                "192.0.2.1, 10.0.0.2.3",
                "192.0.2.1, 10.0.0.256",
                "192.0.2.1, 10.0.0.02",
                "192.0.2.1, 10.0.0.2:x",
                "192.0.2.1, [::1",
                "192.0.2.1, [::1]x",
                "192.0.2.1, [10.0.0.2]",
                "192.0.2.1, fe80::1%eth0",
                "192.0.2.1 10.0.0.2",
            })
    void takesThePeerWhereTheChainIsBroken(String value) throws Exception {
        assertEquals(address(PEER), client(value, PEER));
    }

    @Test
    void believesNobodyElse() throws Exception {
        assertEquals(address("203.0.113.9"), client("192.0.2.1", "203.0.113.9"));
    }

    @Test
    void readsSeveralLinesAsOne() throws Exception {
        assertEquals(
                address("192.0.2.1"),
                client("1.1.1.1\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 10.0.0.2", PEER));
    }

    private ClientAddress client(String value, String peer) throws Exception {
        RequestHead head = Wire.request("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + value + "\r\n\r\n");
        return forwardedFor.client(head, address(peer), ForwardedForTest::isTrusted);
    }

    private static boolean isTrusted(ClientAddress address) {
        return address.toString().startsWith("10.0.0.");
    }

    private static ClientAddress address(String literal) throws UnknownHostException {
        return ClientAddress.of(InetAddress.getByName(literal));
    }
}
