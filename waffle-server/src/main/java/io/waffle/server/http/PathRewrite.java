// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Another path in place of the one that came, or of its beginning. The rest, and the query, stay as the bytes they came as: nothing is decoded on
 * the way. Immutable.
 */
public final class PathRewrite {

    /** Everything stays. */
    public static final PathRewrite NONE = new PathRewrite(new byte[0], -1, false);

    private final byte[] replacement;
    private final int segments;
    private final boolean whole;

    private PathRewrite(byte[] replacement, int segments, boolean whole) {
        this.replacement = replacement;
        this.segments = segments;
        this.whole = whole;
    }

    /**
     * Makes one.
     *
     * @param prefix in place of so many segments
     * @param path in place of the whole path; not with a prefix
     * @param segments of the prefix that is replaced
     */
    public static PathRewrite of(Optional<String> prefix, Optional<String> path, int segments) {
        if (path.isPresent()) {
            return new PathRewrite(path.get().getBytes(StandardCharsets.US_ASCII), 0, true);
        }
        return prefix.map(text -> new PathRewrite(bare(text), segments, false)).orElse(NONE);
    }

    private static byte[] bare(String prefix) {
        return (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** How many segments a path has; slashes that follow one another are one. */
    public static int segments(String path) {
        int count = 0;
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) != '/' && (i == 0 || path.charAt(i - 1) == '/')) {
                count++;
            }
        }
        return count;
    }

    /** Whether it changes anything. */
    public boolean isEmpty() {
        return segments < 0;
    }

    /** How many bytes it may add. */
    public int bound() {
        return replacement.length + 1;
    }

    /** Appends path and query as they are to be. */
    public void write(RequestHead head, ByteBuffer src, ByteBuffer dst) {
        int from = head.pathStart();
        int end = head.pathEnd();
        if (isEmpty() || head.isForWholeServer()) {
            if (head.pathIsEmpty()) {
                dst.put((byte) '/');
            }
            Out.target(head, src, from, end, dst);
            return;
        }
        int query = head.queryStart();
        dst.put(replacement);
        int rest = whole ? query : behind(src, from, query);
        if (!whole && ((rest == query && replacement.length == 0) || (rest < query && src.get(rest) != '/'))) {
            dst.put((byte) '/');
        }
        Out.target(head, src, rest, end, dst);
    }

    /** What is put in; a prefix without a slash at its end. */
    byte[] replacement() {
        return replacement;
    }

    /** Whether it is put in place of the whole path. */
    boolean isWhole() {
        return whole;
    }

    /** Where what is replaced ends, which begins with the path. */
    int replacedEnd(RequestHead head) {
        if (isEmpty() || head.isForWholeServer()) {
            return head.pathStart();
        }
        return whole ? head.queryStart() : behind(head.buf(), head.pathStart(), head.queryStart());
    }

    /** Where the segments end that are replaced. */
    private int behind(ByteBuffer src, int from, int to) {
        int at = from;
        for (int i = 0; i < segments; i++) {
            while (at < to && src.get(at) == '/') {
                at++;
            }
            while (at < to && src.get(at) != '/') {
                at++;
            }
        }
        return at;
    }
}
