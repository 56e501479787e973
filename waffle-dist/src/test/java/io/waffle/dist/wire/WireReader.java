// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads HTTP/1.1 messages, more strictly than any real peer: what is not exactly right fails the test. One thread at a time. */
final class WireReader {
    private static final int HEAD_LIMIT = 1 << 20;
    private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-fA-F]{1,16}");

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int position;
    private int limit;

    WireReader(InputStream in) {
        this.in = in;
    }

    /** Takes the bytes of a body as they come. */
    @FunctionalInterface
    interface Sink {
        void accept(byte[] bytes, int offset, int length) throws IOException;
    }

    /** What a chunked body has besides its bytes. */
    record Chunked(List<Integer> sizes, List<Field> trailers) {}

    /** The next head; {@link Truncated} if the stream ends before its empty line. */
    Head head() throws IOException {
        var raw = new StringBuilder();
        String startLine = line(raw);
        List<Field> fields = fields(raw);
        return new Head(startLine, fields, raw.toString());
    }

    void exactly(long length, Sink sink) throws IOException {
        long left = length;
        while (left > 0) {
            if (position == limit && !fill()) {
                throw new Truncated("ended " + left + " bytes short of " + length);
            }
            int take = (int) Math.min(left, limit - position);
            sink.accept(buffer, position, take);
            position += take;
            left -= take;
        }
    }

    byte[] exactly(int length) throws IOException {
        var bytes = new ByteArrayOutputStream(length);
        exactly(length, bytes::write);
        return bytes.toByteArray();
    }

    Chunked chunked(Sink sink) throws IOException {
        List<Integer> sizes = new ArrayList<>();
        while (true) {
            String size = line(new StringBuilder());
            if (!CHUNK_SIZE.matcher(size).matches()) {
                throw new Malformed("chunk size line '" + size + "' (expected: 1 to 16 hex digits)");
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                return new Chunked(List.copyOf(sizes), List.copyOf(fields(new StringBuilder())));
            }
            sizes.add((int) length);
            exactly(length, sink);
            String end = line(new StringBuilder());
            if (!end.isEmpty()) {
                throw new Malformed("'" + end + "' (expected: CRLF after a chunk)");
            }
        }
    }

    void toEnd(Sink sink) throws IOException {
        while (position < limit || fill()) {
            sink.accept(buffer, position, limit - position);
            position = limit;
        }
    }

    /** A whole body of this framing. */
    Body body(Body.Framing framing, long length) throws IOException {
        var bytes = new ByteArrayOutputStream();
        return switch (framing) {
            case NONE -> Body.NONE;
            case LENGTH -> {
                exactly(length, bytes::write);
                yield new Body(framing, bytes.toString(StandardCharsets.ISO_8859_1), List.of(), List.of());
            }
            case CHUNKED -> {
                Chunked chunked = chunked(bytes::write);
                yield new Body(
                        framing, bytes.toString(StandardCharsets.ISO_8859_1), chunked.sizes(), chunked.trailers());
            }
            case CLOSE -> {
                toEnd(bytes::write);
                yield new Body(framing, bytes.toString(StandardCharsets.ISO_8859_1), List.of(), List.of());
            }
        };
    }

    /** Waits for a byte and takes it; -1 at the end of the stream. */
    int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        return buffer[position++] & 0xFF;
    }

    /** Waits for a byte without taking it; false at the end of the stream. */
    boolean hasMore() throws IOException {
        return position < limit || fill();
    }

    private List<Field> fields(StringBuilder raw) throws IOException {
        List<Field> fields = new ArrayList<>();
        for (String line = line(raw); !line.isEmpty(); line = line(raw)) {
            var match = FIELD.matcher(line);
            if (!match.matches()) {
                throw new Malformed("field line '" + line + "'");
            }
            fields.add(new Field(match.group(1), match.group(2)));
        }
        return fields;
    }

    private String line(StringBuilder raw) throws IOException {
        int start = raw.length();
        while (raw.length() < HEAD_LIMIT) {
            int b = read();
            if (b < 0) {
                throw new Truncated(raw.isEmpty() ? "ended before a message" : "ended in a head: " + raw);
            }
            raw.append((char) b);
            if (b == '\n') {
                return withoutEnd(raw.substring(start));
            }
        }
        throw new Malformed("head of more than " + HEAD_LIMIT + " bytes");
    }

    private static String withoutEnd(String line) throws Malformed {
        String content = line.endsWith("\r\n") ? line.substring(0, line.length() - 2) : line;
        if (content.length() + 2 != line.length() || content.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new Malformed("line '" + line + "' (expected: no control bytes, then CRLF)");
        }
        return content;
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer, 0, buffer.length);
        position = 0;
        limit = Math.max(read, 0);
        return read > 0;
    }
}
