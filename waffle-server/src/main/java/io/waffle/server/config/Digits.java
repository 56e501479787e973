// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

/** Numbers as they stand in addresses: ASCII digits and nothing else. A hundred thousand of them are read at a start, so by hand. */
final class Digits {

    private Digits() {}

    /** The number from {@code begin} to {@code end}; -1 if that is none, or has more digits than {@code most}, which is 9 at the most. */
    static int number(String text, int begin, int end, int most) {
        if (begin >= end || end - begin > most) {
            return -1;
        }
        int value = 0;
        for (int i = begin; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
