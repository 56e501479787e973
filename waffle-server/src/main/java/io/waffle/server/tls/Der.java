// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * As much of the Distinguished Encoding Rules (X.690) as it takes to move a private key from one envelope into another, and to find in a
 * certificate what it is for without making objects of all the rest. What is damaged is an {@link IllegalArgumentException}.
 */
final class Der {

    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_ID = 0x06;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;
    static final int CONTEXT_0 = 0xA0;
    static final int CONTEXT_1 = 0xA1;
    static final int CONTEXT_3 = 0xA3;

    private Der() {}

    /**
     * The next element of {@code in}, with its tag and length; {@code in} moves past it.
     *
     * @throws IllegalArgumentException if there is none, or it is longer than {@code in}
     */
    static byte[] next(ByteBuffer in) {
        int start = in.position();
        need(in, 2);
        in.get();
        int length = length(in);
        need(in, length);
        in.position(in.position() + length);
        byte[] element = new byte[in.position() - start];
        in.get(start, element);
        return element;
    }

    /** The contents of the next element of {@code in}, which must have this tag; {@code in} moves past it. */
    static ByteBuffer enter(ByteBuffer in, int tag) {
        need(in, 2);
        int found = in.get() & 0xFF;
        if (found != tag) {
            throw new IllegalArgumentException("tag 0x%02x where 0x%02x belongs".formatted(found, tag));
        }
        int length = length(in);
        need(in, length);
        ByteBuffer contents = in.slice(in.position(), length);
        in.position(in.position() + length);
        return contents;
    }

    /** Moves past the next elements of {@code in}. */
    static void skip(ByteBuffer in, int elements) {
        for (int i = 0; i < elements; i++) {
            need(in, 2);
            in.get();
            int length = length(in);
            need(in, length);
            in.position(in.position() + length);
        }
    }

    /** The bytes left in {@code contents}. */
    static byte[] rest(ByteBuffer contents) {
        byte[] bytes = new byte[contents.remaining()];
        contents.get(bytes);
        return bytes;
    }

    /** Whether the next element of {@code in} has this tag. */
    static boolean at(ByteBuffer in, int tag) {
        return in.hasRemaining() && (in.get(in.position()) & 0xFF) == tag;
    }

    /** An element with this tag around the concatenated {@code parts}. */
    static byte[] wrap(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        writeLength(out, length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The dotted form of the object identifier that is the whole of {@code contents}. */
    static String objectId(ByteBuffer contents) {
        StringBuilder dotted = new StringBuilder();
        long value = 0;
        while (contents.hasRemaining()) {
            int octet = contents.get();
            value = value << 7 | (octet & 0x7F);
            if (octet >= 0) {
                if (dotted.isEmpty()) {
                    long first = Math.min(value / 40, 2);
                    dotted.append(first).append('.').append(value - first * 40);
                } else {
                    dotted.append('.').append(value);
                }
                value = 0;
            }
        }
        return dotted.toString();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
    }

    private static int length(ByteBuffer in) {
        int first = in.get() & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int octets = first & 0x7F;
        if (octets == 0 || octets > 3) {
            throw new IllegalArgumentException("a length of %d octets".formatted(octets));
        }
        need(in, octets);
        int length = 0;
        for (int i = 0; i < octets; i++) {
            length = length << 8 | (in.get() & 0xFF);
        }
        return length;
    }

    private static void need(ByteBuffer in, int bytes) {
        if (in.remaining() < bytes) {
            throw new IllegalArgumentException("%d bytes where %d belong".formatted(in.remaining(), bytes));
        }
    }
}
