// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9440 section 2: byte sequences of structured fields, the chain as a list of them. */
final class ClientCertFieldsTest {

    private static final byte[] ONE = {1, 2, 3};
    private static final byte[] OTHER = {(byte) 0xFF, (byte) 0xEF};

    @Test
    void whatIsShownIsTold() {
        assertEquals("", text(List.of()));
        assertEquals("Client-Cert: :AQID:\r\n", text(List.of(ONE)));
        assertEquals("Client-Cert: :AQID:\r\nClient-Cert-Chain: :/+8=:, :AQID:\r\n", text(List.of(ONE, OTHER, ONE)));
    }

    @Test
    void whatIsTooLongIsLeftOutTheChainFirst() {
        byte[] long9 = new byte[9 * 1024];
        assertEquals("Client-Cert: :AQID:\r\n", text(List.of(ONE, long9)));
        assertEquals("", text(List.of(new byte[10 * 1024])));
        assertEquals(ClientCertFields.MOST - 3, text(List.of(new byte[9201])).length());
        assertEquals("", text(List.of(new byte[9202])));
    }

    private static String text(List<byte[]> shown) {
        return new String(ClientCertFields.of(shown), US_ASCII);
    }
}
