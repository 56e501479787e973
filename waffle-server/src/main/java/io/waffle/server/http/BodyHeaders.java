// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/** {@code Content-Length} and {@code Transfer-Encoding}, read as strictly as two lines that decide about framing must be. */
final class BodyHeaders {

    private static final String CHUNKED_NAME = "chunked";

    private long contentLength;
    private int codings;
    private boolean lastIsChunked;
    private boolean chunkedBefore;
    private boolean malformed;
    private boolean hasCodings;

    BodyHeaders() {
        reset();
    }

    void reset() {
        contentLength = -1;
        codings = 0;
        lastIsChunked = false;
        chunkedBefore = false;
        malformed = false;
        hasCodings = false;
    }

    long contentLength() {
        return contentLength;
    }

    /** Takes note of field {@code i} if it is one of the two. */
    void read(Head head, int i) throws HeadException {
        int known = head.known(i);
        if (known == KnownField.CONTENT_LENGTH) {
            length(head, i);
        } else if (known == KnownField.TRANSFER_ENCODING) {
            hasCodings = true;
            readCodings(head.buf(), head.valueStart(i), head.valueEnd(i));
        }
    }

    private void length(Head head, int i) throws HeadException {
        boolean again = contentLength >= 0;
        if (again && !head.tolerance().repeatedLength()) {
            throw HeadException.bad("Content-Length: more than one");
        }
        long length = digits(head.buf(), head.valueStart(i), head.valueEnd(i));
        if (again && length != contentLength) {
            throw HeadException.bad("Content-Length: more than one, and not the same");
        }
        contentLength = length;
    }

    /**
     * {@link Framing#CHUNKED}, {@link Framing#LENGTH}, or {@link Framing#NONE} if neither field is there. Refuses both together, and every
     * transfer coding but exactly {@code chunked}; in HTTP/1.0 that one as well (RFC 9112 section 6.1).
     */
    Framing framing(int minorVersion) throws HeadException {
        if (!hasCodings) {
            return contentLength >= 0 ? Framing.LENGTH : Framing.NONE;
        }
        if (contentLength >= 0) {
            throw HeadException.bad("Content-Length: together with Transfer-Encoding");
        }
        if (minorVersion == 0) {
            throw HeadException.bad("Transfer-Encoding: in HTTP/1.0");
        }
        if (malformed || chunkedBefore || !lastIsChunked) {
            throw HeadException.bad("Transfer-Encoding: not exactly chunked");
        }
        if (codings > 1) {
            throw new HeadException(501, "Transfer-Encoding: a coding other than chunked");
        }
        return Framing.CHUNKED;
    }

    /** RFC 9110 section 8.6 allows leading zeros, and so do we; eighteen digits after them cannot overflow, the nineteenth is checked. */
    private static long digits(ByteBuffer buf, int from, int to) throws HeadException {
        long value = 0;
        for (int at = from; at < to; at++) {
            byte b = buf.get(at);
            if (!Ascii.is(Ascii.DIGIT, b)) {
                throw HeadException.bad("Content-Length: not a row of digits");
            }
            int digit = b - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                throw HeadException.bad("Content-Length: larger than 2^63-1");
            }
            value = 10 * value + digit;
        }
        if (from == to) {
            throw HeadException.bad("Content-Length: empty");
        }
        return value;
    }

    private void readCodings(ByteBuffer buf, int start, int to) {
        int from = start;
        while (true) {
            int comma = Ascii.indexOf(buf, ',', from, to);
            int begin = Ascii.skipBlanks(buf, from, comma);
            coding(buf, begin, Ascii.trimEnd(buf, begin, comma));
            if (comma == to) {
                return;
            }
            from = comma + 1;
        }
    }

    private void coding(ByteBuffer buf, int from, int to) {
        chunkedBefore |= lastIsChunked;
        lastIsChunked = Ascii.same(buf, from, to, CHUNKED_NAME);
        malformed |= from == to;
        codings++;
    }
}
