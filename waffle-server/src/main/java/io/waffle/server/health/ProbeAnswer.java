// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.http.BodyDecoder;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.ResponseHead;
import io.waffle.server.http.TrailerRules;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a backend answers to a check: a head that is read at once, and of the body as much as is looked at. */
final class ProbeAnswer {

    private static final int BODY_LOOKED_AT = 64 * 1024;
    private static final int MAX_INTERIM = 16;

    private final InputStream in;
    private final ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
    private final ByteBuffer buffer = ByteBuffer.allocate(BODY_LOOKED_AT);
    private final boolean toHead;

    private ProbeAnswer(InputStream in, boolean toHead) {
        this.in = in;
        this.toHead = toHead;
    }

    /**
     * Reads as far as the end of the final head.
     *
     * @param toHead whether it answers HEAD, and so has no body
     */
    static ProbeAnswer read(InputStream in, boolean toHead) throws IOException {
        ProbeAnswer answer = new ProbeAnswer(in, toHead);
        try {
            answer.readHeads();
            return answer;
        } catch (HeadException e) {
            throw new IOException("no valid response: " + e.getMessage(), e);
        }
    }

    int status() {
        return head.status();
    }

    /**
     * Whether the text is within the first 64 KiB of the body. It is there as soon as it has come: the body of a backend that streams need not
     * have an end, and how it ends says nothing any more.
     */
    boolean contains(String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        BodyDecoder body = new BodyDecoder(TrailerRules.RESPONSE);
        body.begin(head.framing(toHead), head.contentLength());
        byte[] content = new byte[BODY_LOOKED_AT];
        int size = 0;
        try {
            while (size < content.length && !body.ended()) {
                int length = Math.min(body.next(buffer), content.length - size);
                if (length > 0) {
                    buffer.get(content, size, length);
                    body.taken(length);
                    if (isIn(content, Math.max(0, size - wanted.length + 1), size + length, wanted)) {
                        return true;
                    }
                    size += length;
                } else if (!body.ended() && !readMore() && !body.endOfInput()) {
                    throw new EOFException("the body broke off");
                }
            }
        } catch (HeadException e) {
            throw new IOException("no valid body: " + e.getMessage(), e);
        }
        return wanted.length == 0;
    }

    private static boolean isIn(byte[] content, int from, int to, byte[] wanted) {
        for (int i = from; i <= to - wanted.length; i++) {
            if (Arrays.equals(content, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    private void readHeads() throws IOException, HeadException {
        for (int i = 0; i <= MAX_INTERIM; i++) {
            int length = readHead();
            buffer.flip().position(length);
            if (!head.isInterim()) {
                return;
            }
            buffer.compact();
            head.reset();
        }
        throw new IOException("interim responses without end");
    }

    /** Leaves the buffer in write mode; returns where the head ends. */
    private int readHead() throws IOException, HeadException {
        int length = head.parse(buffer, buffer.position());
        while (length < 0) {
            int n = in.read(buffer.array(), buffer.position(), buffer.remaining());
            if (n < 0) {
                throw new EOFException(buffer.position() == 0 ? "closed without an answer" : "the head broke off");
            }
            buffer.position(buffer.position() + n);
            length = head.parse(buffer, buffer.position());
        }
        return length;
    }

    /** Everything in the buffer is used up. */
    private boolean readMore() throws IOException {
        int n = in.read(buffer.array());
        buffer.clear().limit(Math.max(0, n));
        return n >= 0;
    }
}
