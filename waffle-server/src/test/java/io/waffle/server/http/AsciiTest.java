// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class AsciiTest {

    @Test
    void classesAreThoseOfTheGrammar() {
        for (int c = 0; c < 256; c++) {
            byte b = (byte) c;
            boolean alphanumeric = c < 128 && Character.isLetterOrDigit(c);
            assertEquals(alphanumeric || isOneOf(c, "!#$%&'*+-.^_`|~"), Ascii.is(Ascii.TOKEN, b), "token " + c);
            assertEquals(alphanumeric || isOneOf(c, "-._~!$&'()*+;="), Ascii.is(Ascii.REG_NAME, b), "reg-name " + c);
            assertEquals(c == '\t' || (c >= 0x20 && c != 0x7F), Ascii.is(Ascii.VALUE, b), "value " + c);
            assertEquals(c > 0x20 && c < 0x7F && c != '#', Ascii.is(Ascii.TARGET, b), "target " + c);
            assertEquals(alphanumeric || c == '-', Ascii.is(Ascii.PLAIN_NAME, b), "plain name " + c);
            assertEquals(
                    c > 0x20 && c < 0x7F && !isOneOf(c, "#%;?\\"), Ascii.is(Ascii.PLAIN_PATH, b), "plain path " + c);
            assertEquals(isOneOf(c, "0123456789"), Ascii.is(Ascii.DIGIT, b), "digit " + c);
            assertEquals(isOneOf(c, "0123456789abcdefABCDEF"), Ascii.is(Ascii.HEX, b), "hex " + c);
        }
    }

    /** Every byte, at every place of a word and beyond, among neighbours that could lend to it or borrow from it. */
    @Test
    void skipsValuesByWordsAsByBytes() {
        for (int neighbour : new int[] {0x20, 0x41, 0x7E, 0x80, 0xFF, '\t'}) {
            ByteBuffer buf = ByteBuffer.allocateDirect(19);
            for (int at = 0; at < buf.capacity(); at++) {
                for (int c = 0; c < 256; c++) {
                    fill(buf, neighbour);
                    buf.put(at, (byte) c);
                    int expected = Ascii.is(Ascii.VALUE, (byte) c) ? buf.capacity() : at;
                    assertEquals(expected, Ascii.skipValue(buf, 0, buf.capacity()));
                }
            }
        }
    }

    @Test
    void comparesLettersInAnyCaseAndNothingElse() {
        ByteBuffer buf = Wire.buffer("Te[@");
        assertTrue(Ascii.same(buf, 0, 2, "te"));
        assertFalse(Ascii.same(buf, 2, 3, "{"));
        assertFalse(Ascii.same(buf, 3, 4, "`"));
        assertFalse(Ascii.same(buf, 0, 3, "te"));
    }

    private static void fill(ByteBuffer buf, int value) {
        for (int i = 0; i < buf.capacity(); i++) {
            buf.put(i, (byte) value);
        }
    }

    private static boolean isOneOf(int c, String chars) {
        return chars.indexOf(c) >= 0;
    }
}
