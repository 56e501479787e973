// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/**
 * Writes the head of a response as the client is to see it: without what ended at the backend's hop, framed anew, with a {@code Connection}
 * of our own where one is needed. Field lines that stay are copied byte for byte, whole runs of them at once. Thread-safe.
 */
public final class ResponseHeadWriter {

    private static final byte[] VERSION = Out.ascii("HTTP/1.1 ");
    private static final byte[] CHUNKED = Out.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = Out.ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Out.ascii("Connection: keep-alive\r\n");
    private static final byte[] UPGRADE = Out.ascii("Connection: upgrade\r\n");
    private static final byte[] DATE = Out.ascii("Date: ");

    private static final byte[] COLON = Out.ascii(": ");
    private static final byte[] NO_STORE = Out.ascii("Cache-Control: no-store\r\n");

    /** More than all of the above take together, with a date and a status. */
    private static final int OWN_WORDS = 256;

    private static final int SWITCHING_PROTOCOLS = 101;

    private final HttpDate date;

    public ResponseHeadWriter(HttpDate date) {
        this.date = date;
    }

    /** How many bytes {@link #write} needs at most. */
    public int bound(ResponseHead head, ResponseRewrite r) {
        // A line that is not written as it should be gets no longer than by a CR and a blank.
        ReverseRewrite reverse = r.reverse();
        return head.length()
                + 2 * head.irregularLines()
                + OWN_WORDS
                + r.added().length
                + r.granted().length
                + r.edits().length()
                + (reverse == null ? 0 : reverse.bound(head));
    }

    /**
     * Appends the head, of a final response or an interim one.
     *
     * @param src the buffer the head was parsed in
     * @return how many bytes were appended
     * @throws BufferOverflowException before anything is written, if fewer than {@link #bound} bytes remain
     */
    public int write(ResponseHead head, ByteBuffer src, ByteBuffer dst, ResponseRewrite r) {
        if (dst.remaining() < bound(head, r)) {
            throw new BufferOverflowException();
        }
        int start = dst.position();
        statusLine(head, src, dst);
        fields(head, src, dst, r);
        if (head.status() >= 200) {
            framing(head, dst, r);
            dst.put(r.added()).put(r.granted());
            r.edits().writeTo(dst);
        } else if (head.status() == SWITCHING_PROTOCOLS) {
            dst.put(UPGRADE).put(r.added());
        }
        Out.crlf(dst);
        return dst.position() - start;
    }

    private static void statusLine(ResponseHead head, ByteBuffer src, ByteBuffer dst) {
        dst.put(VERSION);
        Out.number(dst, head.status());
        dst.put(Ascii.SP);
        Out.copy(src, head.reasonStart(), head.reasonEnd(), dst);
        Out.crlf(dst);
    }

    private static void fields(ResponseHead head, ByteBuffer src, ByteBuffer dst, ResponseRewrite r) {
        int i = 0;
        int count = head.fieldCount();
        while (i < count) {
            int first = i;
            while (i < count && !isWrittenAnew(head, i, r) && keeps(head, i, r)) {
                i++;
            }
            if (i > first) {
                Out.copy(src, head.nameStart(first), head.lineEnd(i - 1), dst);
            } else {
                if (isWrittenAnew(head, i, r) && keeps(head, i, r)) {
                    line(head, i, src, dst, r);
                }
                i++;
            }
        }
    }

    private static boolean isWrittenAnew(ResponseHead head, int i, ResponseRewrite r) {
        return head.isIrregular(i) || (r.reverse() != null && ReverseRewrite.concerns(head.known(i)));
    }

    private static void line(ResponseHead head, int i, ByteBuffer src, ByteBuffer dst, ResponseRewrite r) {
        Out.copy(src, head.nameStart(i), head.nameEnd(i), dst);
        dst.put(COLON);
        ReverseRewrite reverse = r.reverse();
        if (reverse != null && ReverseRewrite.concerns(head.known(i))) {
            reverse.write(head, i, src, dst);
        } else {
            Out.copy(src, head.valueStart(i), head.valueEnd(i), dst);
        }
        Out.crlf(dst);
    }

    private static boolean keeps(ResponseHead head, int i, ResponseRewrite r) {
        if (r.edits().omits(head, i)) {
            return false;
        }
        int known = head.known(i);
        if (known == KnownField.OTHER) {
            return !head.isDropped(i);
        }
        return switch (known) {
            case KnownField.CONTENT_LENGTH -> i == head.indexOf(known) && keepsLength(head, r);
            case KnownField.CACHE_CONTROL -> !r.storesNothing();
            case KnownField.UPGRADE -> head.status() == SWITCHING_PROTOCOLS;
            default -> !FieldTable.isHopByHop(known) && !head.isDropped(i);
        };
    }

    /** It frames the content, or tells what the length would have been (RFC 9110 section 8.6); 1xx and 204 may not have it. */
    private static boolean keepsLength(ResponseHead head, ResponseRewrite r) {
        int status = head.status();
        return status >= 200
                && status != 204
                && (status == 304 || r.requestWasHead() || r.framing(head) == Framing.LENGTH);
    }

    private void framing(ResponseHead head, ByteBuffer dst, ResponseRewrite r) {
        Framing framing = r.framing(head);
        if (framing == Framing.CHUNKED) {
            dst.put(CHUNKED);
        }
        if (r.close() || framing == Framing.CLOSE) {
            dst.put(CLOSE);
        } else if (r.clientVersion() == 0) {
            dst.put(KEEP_ALIVE);
        }
        if (r.storesNothing()) {
            dst.put(NO_STORE);
        }
        if (!head.has(KnownField.DATE)) {
            dst.put(DATE).put(date.bytes());
            Out.crlf(dst);
        }
    }
}
