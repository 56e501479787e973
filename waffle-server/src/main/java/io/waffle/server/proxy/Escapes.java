// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.nio.charset.StandardCharsets;

/**
 * How each byte of what others sent is written in a line of the log, so that it cannot pass for the end of a quoted part or of the line, nor steer a
 * terminal. Both forms are ASCII: a byte beyond it is told as the number it is, since nobody knows what it was meant to be.
 */
final class Escapes {

    private static final String HEX = "0123456789ABCDEF";

    private static final byte[][] TEXT = table("\\x");
    private static final byte[][] JSON = table("\\u00");

    static {
        JSON['"'] = ascii("\\\"");
        JSON['\\'] = ascii("\\\\");
        JSON['\n'] = ascii("\\n");
        JSON['\t'] = ascii("\\t");
    }

    private Escapes() {}

    /** For text: {@code \xHH}. Not to be changed. */
    static byte[][] text() {
        return TEXT;
    }

    /** For a JSON string: {@code \}{@code u00HH} (RFC 8259 section 7). Not to be changed. */
    static byte[][] json() {
        return JSON;
    }

    private static byte[][] table(String prefix) {
        byte[][] table = new byte[256][];
        for (int b = 0; b < table.length; b++) {
            boolean harmless = b >= 0x20 && b < 0x7F && b != '"' && b != '\\';
            table[b] = harmless ? new byte[] {(byte) b} : ascii(prefix + HEX.charAt(b >> 4) + HEX.charAt(b & 0xF));
        }
        return table;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
