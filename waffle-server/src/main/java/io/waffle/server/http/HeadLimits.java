// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/**
 * What a head may cost.
 *
 * @param line bytes of the request or status line, without its CRLF; more is 414
 * @param head bytes of the whole head, with the empty line that ends it; more is 431
 * @param fields field lines; more is 431
 */
public record HeadLimits(int line, int head, int fields) {

    /** 8 KiB, 32 KiB, 100 fields. */
    public static final HeadLimits DEFAULT = new HeadLimits(8 << 10, 32 << 10, 100);

    public HeadLimits {
        if (line < 1 || head < 1 || fields < 1) {
            throw new IllegalArgumentException(
                    "limits: " + line + ", " + head + ", " + fields + " (expected: all positive)");
        }
    }
}
