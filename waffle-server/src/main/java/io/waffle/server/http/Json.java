// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/** Text as JSON has it (RFC 8259 section 7). */
public final class Json {

    private Json() {}

    /** Appends the text as a JSON string, with its quotes. Half a surrogate pair has no UTF-8 and is escaped; so are the lines' ends only JavaScript knows. */
    public static StringBuilder quote(StringBuilder to, String text) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> to.append('\\').append(c);
                case '\n' -> to.append("\\n");
                case '\t' -> to.append("\\t");
                default -> {
                    boolean plain = c >= 0x20 && c != 0x7F && !Character.isSurrogate(c) && c != 0x2028 && c != 0x2029;
                    if (plain) {
                        to.append(c);
                    } else {
                        to.append(String.format("\\u%04x", (int) c));
                    }
                }
            }
        }
        return to.append('"');
    }
}
