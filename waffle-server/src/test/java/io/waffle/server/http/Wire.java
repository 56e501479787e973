// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Bytes on a wire, written as text: {@code \r}, {@code \n}, {@code \t} and {@code \xHH} stand for bytes. */
final class Wire {

    private static final Pattern ESCAPE = Pattern.compile("\\\\(r|n|t|x[0-9a-f]{2})");

    private Wire() {}

    /** A line of a table: an expectation, what is sent, and why. */
    record Case(String expected, String wire, String why) {

        @Override
        public String toString() {
            return expected + " " + why + ": " + wire;
        }
    }

    static List<Case> table(String resource) {
        InputStream in = Objects.requireNonNull(Wire.class.getResourceAsStream(resource), resource);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Wire::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Case> accepted(String resource) {
        return table(resource).stream().filter(c -> c.expected().equals("ok"));
    }

    static Stream<Case> refused(String resource) {
        return table(resource).stream().filter(c -> !c.expected().equals("ok"));
    }

    static byte[] bytes(String text) {
        String raw = ESCAPE.matcher(text).replaceAll(Wire::unescape);
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A direct buffer that holds exactly these bytes: a read past them throws. */
    static ByteBuffer buffer(byte[] bytes) {
        ByteBuffer buf = ByteBuffer.allocateDirect(bytes.length);
        buf.put(0, bytes);
        return buf;
    }

    static ByteBuffer buffer(String text) {
        return buffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String text(ByteBuffer buf, int from, int to) {
        return Ascii.text(buf, from, to);
    }

    /** Parses a whole head, which this text must be. */
    static RequestHead request(String text) throws HeadException {
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        parse(head, text);
        return head;
    }

    static ResponseHead response(String text) throws HeadException {
        ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
        parse(head, text);
        return head;
    }

    private static void parse(Head head, String text) throws HeadException {
        int length = head.parse(buffer(text), text.length());
        if (length != text.length()) {
            throw new AssertionError("parsed " + length + " of " + text.length());
        }
    }

    private static String unescape(MatchResult escape) {
        String c =
                switch (escape.group(1).charAt(0)) {
                    case 'r' -> "\r";
                    case 'n' -> "\n";
                    case 't' -> "\t";
                    default ->
                        Character.toString(Integer.parseInt(escape.group(1).substring(1), 16));
                };
        return Matcher.quoteReplacement(c);
    }

    private static Case parse(String line) {
        String[] parts = line.split(" \\| ", 3);
        return new Case(parts[0].strip(), parts[1], parts[2]);
    }
}
