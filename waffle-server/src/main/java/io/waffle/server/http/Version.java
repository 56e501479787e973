// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/** {@code HTTP/1.x}, eight bytes in this letter case (RFC 9112 section 2.3). */
final class Version {

    static final int LENGTH = 8;

    private static final String NAME = "HTTP/";

    private Version() {}

    /** The minor version; 505 for another major one, 400 for what is no version. */
    static int minor(ByteBuffer buf, int from, int to) throws HeadException {
        if (to - from != LENGTH || !isNamed(buf, from) || buf.get(from + 6) != '.') {
            throw HeadException.bad("version: not HTTP/1.1");
        }
        byte major = buf.get(from + 5);
        byte minor = buf.get(from + 7);
        if (!Ascii.is(Ascii.DIGIT, major) || !Ascii.is(Ascii.DIGIT, minor)) {
            throw HeadException.bad("version: not HTTP/1.1");
        }
        if (major != '1') {
            throw new HeadException(505, "version: not HTTP/1.x");
        }
        return minor - '0';
    }

    private static boolean isNamed(ByteBuffer buf, int from) {
        for (int i = 0; i < NAME.length(); i++) {
            if (buf.get(from + i) != NAME.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
