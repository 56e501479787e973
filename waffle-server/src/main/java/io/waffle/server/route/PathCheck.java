// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Holds a canonical path against one condition. Immutable. */
interface PathCheck {

    /** Whether the first {@code length} bytes are a path that is meant. */
    boolean holds(byte[] path, int length, RegexMachine machine);

    /** The test for a condition. */
    static PathCheck of(PathMatch match) {
        if (match instanceof PathMatch.Prefix prefix) {
            byte[] wanted = bytes(prefix.path());
            return (path, length, machine) -> length >= wanted.length
                    && startsWith(path, length, wanted)
                    && (wanted.length == 0 || length == wanted.length || path[wanted.length] == '/');
        }
        if (match instanceof PathMatch.Exact exact) {
            byte[] wanted = bytes(exact.path());
            return (path, length, machine) -> length == wanted.length && startsWith(path, length, wanted);
        }
        if (match instanceof PathMatch.Pattern pattern) {
            return segments(pattern);
        }
        ByteRegex regex = ((PathMatch.Regex) match).regex();
        return (path, length, machine) -> machine.matches(regex, path, 0, length);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PathCheck segments(PathMatch.Pattern pattern) {
        byte[][] wanted = pattern.segments().stream().map(PathCheck::bytes).toArray(byte[][]::new);
        return (path, length, machine) -> {
            int at = 0;
            for (byte[] segment : wanted) {
                if (at >= length || path[at] != '/') {
                    return false;
                }
                int end = at + 1;
                while (end < length && path[end] != '/') {
                    end++;
                }
                if (!isSegment(path, at + 1, end, segment)) {
                    return false;
                }
                at = end;
            }
            return at == length || (at == length - 1 && path[at] == '/');
        };
    }

    private static boolean isSegment(byte[] path, int from, int to, byte[] wanted) {
        boolean any = wanted.length == 1 && wanted[0] == '*';
        return any ? to > from : Arrays.equals(path, from, to, wanted, 0, wanted.length);
    }

    private static boolean startsWith(byte[] path, int length, byte[] wanted) {
        return length >= wanted.length && Arrays.equals(path, 0, wanted.length, wanted, 0, wanted.length);
    }
}
