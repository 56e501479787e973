// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import javax.net.ssl.SSLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The extension for the name of the server (RFC 6066 section 3), as OpenSSL has cut it out of a hello. */
class OpenSslHelloTest {

    @ParameterizedTest
    @CsvSource({"0004 00 0001 61, a", "0009 00 0006 412e74657374, A.test"})
    void oneName(String hex, String name) throws SSLException {
        assertEquals(name, OpenSslHello.name(bytes(hex)));
    }

    /** Two names, another kind, lengths that do not fit, something left over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0000",
                "0004",
                "0003 00 0001",
                "0004 01 0001 61",
                "0004 00 0002 61",
                "0005 00 0001 61",
                "0004 00 0001 61 00",
                "0008 00 0001 61 00 0001 62",
                "8004 00 0001 61",
            })
    void anythingElseIsRefused(String hex) {
        assertThrows(SSLException.class, () -> OpenSslHello.name(bytes(hex)));
    }

    private static MemorySegment bytes(String hex) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
