// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/** Checks {@code host [ ":" port ]} (RFC 3986 section 3.2, without user information, which RFC 9110 section 4.2.4 has deprecated). */
final class Authority {

    private static final int MAX_PORT = 65_535;

    private final IpLiteral literal = new IpLiteral();

    /** Whether [from, to) is one. An empty host is valid only alone: it says that the target has no authority, so there is no port either. */
    boolean isValid(ByteBuffer buf, int from, int to) {
        int end = hostEnd(buf, from, to);
        if (end < 0) {
            return false;
        }
        return end == to || (end > from && buf.get(end) == ':' && isPort(buf, end + 1, to));
    }

    /** The first index after the host, or -1 if there is no valid one. */
    private int hostEnd(ByteBuffer buf, int from, int to) {
        return from < to && buf.get(from) == '[' ? literalEnd(buf, from, to) : nameEnd(buf, from, to);
    }

    private int literalEnd(ByteBuffer buf, int from, int to) {
        int close = Ascii.indexOf(buf, ']', from, to);
        if (close == to) {
            return -1;
        }
        boolean valid = literal.readV6(buf, from + 1, close) || isFuture(buf, from + 1, close);
        return valid ? close + 1 : -1;
    }

    private static int nameEnd(ByteBuffer buf, int from, int to) {
        int at = from;
        while (at < to) {
            byte b = buf.get(at);
            if (Ascii.is(Ascii.REG_NAME, b)) {
                at++;
            } else if (b == '%' && at + 2 < to && isHex(buf, at + 1) && isHex(buf, at + 2)) {
                at += 3;
            } else {
                break;
            }
        }
        return at;
    }

    /** {@code "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )}. */
    private static boolean isFuture(ByteBuffer buf, int from, int to) {
        if (from == to || Ascii.lower(buf.get(from)) != 'v') {
            return false;
        }
        int dot = Ascii.skip(Ascii.HEX, buf, from + 1, to);
        if (dot == from + 1 || dot + 1 >= to || buf.get(dot) != '.') {
            return false;
        }
        int at = dot + 1;
        while (at < to && (buf.get(at) == ':' || Ascii.is(Ascii.REG_NAME, buf.get(at)))) {
            at++;
        }
        return at == to;
    }

    /** RFC 3986 allows a colon with no port after it. */
    private static boolean isPort(ByteBuffer buf, int from, int to) {
        int port = 0;
        for (int at = from; at < to; at++) {
            byte b = buf.get(at);
            if (!Ascii.is(Ascii.DIGIT, b)) {
                return false;
            }
            port = 10 * port + b - '0';
            if (port > MAX_PORT) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(ByteBuffer buf, int at) {
        return Ascii.is(Ascii.HEX, buf.get(at));
    }
}
