// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/** Finds the value of a cookie in a {@code Cookie} field (RFC 6265 section 4.2.1), in place. Allocates nothing. */
public final class CookieValue {

    private CookieValue() {}

    /**
     * The first of this name; letter case counts.
     *
     * @return where its value is, to be read by {@link #start} and {@link #end}; negative if there is none
     */
    public static long find(ByteBuffer buf, int from, int to, String name) {
        int at = from;
        while (at < to) {
            int stop = Ascii.indexOf(buf, ';', at, to);
            int begin = Ascii.skipBlanks(buf, at, stop);
            int value = begin + name.length() + 1;
            if (value <= stop && buf.get(value - 1) == '=' && isName(buf, begin, name)) {
                return (long) value << 32 | Ascii.trimEnd(buf, value, stop);
            }
            at = stop + 1;
        }
        return -1;
    }

    /** Where a value that was found begins. */
    public static int start(long found) {
        return (int) (found >>> 32);
    }

    /** Where it ends. */
    public static int end(long found) {
        return (int) found;
    }

    private static boolean isName(ByteBuffer buf, int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (buf.get(from + i) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
