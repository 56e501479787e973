// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Reads the parts of a request target, strictly: what could be read in two ways is refused. */
final class Targets {

    /** The only parameter that may be given more than once. */
    static final String REPEATED = "header";

    private Targets() {}

    /** Undoes percent-encoding, once; a plus is a plus. */
    static String decode(String where, String text) {
        return decode(where, text, text);
    }

    /** @param shown what a refusal says there was */
    private static String decode(String where, String text, String shown) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            } else if (at + 2 < text.length() && isHex(text.charAt(at + 1)) && isHex(text.charAt(at + 2))) {
                bytes.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
                at += 2;
            } else {
                throw Refusal.badValue(where, shown, "two hexadecimal digits after each %");
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.badValue(where, shown, "UTF-8, percent-encoded");
        }
    }

    /** Each once. */
    static Map<String, String> parameters(String query, List<String> known) {
        Map<String, String> found = new HashMap<>();
        all(query, known).forEach((name, values) -> {
            if (values.size() > 1 && !name.equals(REPEATED)) {
                throw Refusal.badValue("query parameter", name, "once");
            }
            found.put(name, values.getFirst());
        });
        return Map.copyOf(found);
    }

    /** Each as often as it is given, in that order. */
    static Map<String, List<String>> all(String query, List<String> known) {
        Map<String, List<String>> found = new HashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String name = decode("query", parts[0]);
            if (!known.contains(name)) {
                throw Refusal.badValue(
                        "query parameter", name, known.isEmpty() ? "none" : "one of " + String.join(", ", known));
            }
            // The value may be a secret, which nobody wants to see in an error.
            String value = decode(name, parts.length > 1 ? parts[1] : "", "a value that is not encoded so");
            found.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
        }
        return found;
    }

    private static boolean isHex(char c) {
        return HexFormat.isHexDigit(c);
    }
}
