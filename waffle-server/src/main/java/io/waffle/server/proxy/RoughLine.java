// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.nio.ByteBuffer;

/** What can be made of the first line of a request that is not a valid one, or not a whole one: words between blanks. */
final class RoughLine {

    private int start;
    private int methodEnd;
    private int targetEnd;
    private int end;

    /** Looks at [0, received) of the buffer, which the request begins with. */
    void read(ByteBuffer in, int received) {
        start = 0;
        while (start < received && (in.get(start) == '\r' || in.get(start) == '\n')) {
            start++;
        }
        end = indexOf(in, '\n', start, received);
        if (end > start && in.get(end - 1) == '\r') {
            end--;
        }
        methodEnd = indexOf(in, ' ', start, end);
        targetEnd = end;
        int lastBlank = end - 1;
        while (lastBlank > methodEnd && in.get(lastBlank) != ' ') {
            lastBlank--;
        }
        if (lastBlank > methodEnd && isVersion(in, lastBlank + 1)) {
            targetEnd = lastBlank;
        }
    }

    int methodStart() {
        return start;
    }

    int methodEnd() {
        return methodEnd;
    }

    int targetStart() {
        return Math.min(methodEnd + 1, targetEnd);
    }

    int targetEnd() {
        return targetEnd;
    }

    int versionStart() {
        return Math.min(targetEnd + 1, end);
    }

    int versionEnd() {
        return end;
    }

    private boolean isVersion(ByteBuffer in, int at) {
        return end - at > 5
                && in.get(at) == 'H'
                && in.get(at + 1) == 'T'
                && in.get(at + 2) == 'T'
                && in.get(at + 3) == 'P'
                && in.get(at + 4) == '/';
    }

    private static int indexOf(ByteBuffer in, char b, int from, int to) {
        int at = from;
        while (at < to && in.get(at) != b) {
            at++;
        }
        return at;
    }
}
