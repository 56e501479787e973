// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoughLineTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            GET /a HTTP/1.1^Host: h^|GET|/a|HTTP/1.1
            ^^GET /a HTTP/9.9^|GET|/a|HTTP/9.9
            GET /a b HTTP/1.1^|GET|/a b|HTTP/1.1
            GET /a|GET|/a|''
            GET /a HTTP/1|GET|/a|HTTP/1
            GET |GET|''|''
            GET|GET|''|''
            nonsense^|nonsense|''|''
            ''|''|''|''
            ^|''|''|''
             /x HTTP/1.1^|''|/x|HTTP/1.1
            """)
    void takesWordsApartWhateverTheyAre(String text, String method, String target, String version) {
        byte[] bytes = text.replace("^", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        RoughLine line = new RoughLine();
        line.read(ByteBuffer.wrap(bytes), bytes.length);
        assertEquals(method, part(bytes, line.methodStart(), line.methodEnd()));
        assertEquals(target, part(bytes, line.targetStart(), line.targetEnd()));
        assertEquals(version, part(bytes, line.versionStart(), line.versionEnd()));
    }

    private static String part(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
