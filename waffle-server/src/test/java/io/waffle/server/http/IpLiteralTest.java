// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.ClientAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IpLiteralTest {

    private final IpLiteral literal = new IpLiteral();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1::8",
                "1:2::7:8",
                "2001:DB8::abcd",
                "::1.2.3.4",
                "1:2:3:4:5:6:1.2.3.4",
                "64:ff9b::255.255.255.255"
            })
    void readsV6AsTheJdkDoes(String text) throws UnknownHostException {
        assertTrue(literal.readV6(Wire.buffer(text), 0, text.length()));
        assertEquals(
                ClientAddress.of(InetAddress.getByName("[" + text + "]")),
                new ClientAddress(literal.high(), literal.low()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:",
                ":1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:",
                "1::2::3",
                "1:2:3:4::5:6:7:8",
                "12345::",
                "g::",
                "::1.2.3",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1%0",
                "1.2.3.4",
                "::1 "
            })
    void refusesWhatIsNoV6(String text) {
        assertFalse(literal.readV6(Wire.buffer(text), 0, text.length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1..3.4",
                "1.2.3.a",
                "1.2.3.0004"
            })
    void refusesWhatIsNoV4(String text) {
        assertFalse(literal.readV4(Wire.buffer(text), 0, text.length()));
    }

    @Test
    void readsWhatAddressesPrint() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 10_000; i++) {
            boolean v4 = random.nextBoolean();
            ClientAddress address = v4
                    ? new ClientAddress(0, 0xFFFF_0000_0000L | (random.nextLong() & 0xFFFF_FFFFL))
                    : new ClientAddress(random.nextLong(), random.nextLong());
            String text = address.toString();
            assertTrue(
                    v4
                            ? literal.readV4(Wire.buffer(text), 0, text.length())
                            : literal.readV6(Wire.buffer(text), 0, text.length()),
                    text);
            assertEquals(address, new ClientAddress(literal.high(), literal.low()));
        }
    }
}
