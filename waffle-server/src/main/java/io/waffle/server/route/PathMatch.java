// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.InvalidValue;
import java.util.List;

/**
 * The path a request is for, without its query. Both are held against each other in their canonical form ({@link CanonicalPath}); letter case counts.
 */
public sealed interface PathMatch {

    /** The beginning, by whole segments: {@code /abc} is the beginning of {@code /abc/d} and not of {@code /abcd}. Empty for any path. */
    record Prefix(String path) implements PathMatch {
        @Override
        public String toString() {
            return "prefix " + (path.isEmpty() ? "/" : path);
        }
    }

    /** The whole, a slash at the end included. */
    record Exact(String path) implements PathMatch {
        @Override
        public String toString() {
            return "exact " + path;
        }
    }

    /** The whole, by segments, of which {@code *} stands for any one that is not empty. A slash at the end does not count. */
    record Pattern(List<String> segments) implements PathMatch {
        public Pattern {
            segments = List.copyOf(segments);
        }

        /** What every path of this pattern begins with, the slash before the first star included. */
        String literal() {
            StringBuilder text = new StringBuilder("/");
            for (String segment : segments.subList(0, segments.indexOf("*"))) {
                text.append(segment).append('/');
            }
            return text.toString();
        }

        @Override
        public String toString() {
            return "pattern /" + String.join("/", segments);
        }
    }

    /** The whole matches. */
    record Regex(ByteRegex regex) implements PathMatch {
        @Override
        public String toString() {
            return "regex " + regex;
        }
    }

    /** Reads a prefix: what a path without further words means. */
    static PathMatch parse(String text) throws InvalidValue {
        return prefix(text);
    }

    static PathMatch prefix(String text) throws InvalidValue {
        String path = configured(text, "a path, such as /api");
        return new Prefix(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    static PathMatch exact(String text) throws InvalidValue {
        return new Exact(configured(text, "a path, such as /api"));
    }

    /** Reads {@code /users/*}{@code /cart}. */
    static PathMatch pattern(String text) throws InvalidValue {
        String expected = "a path with * for a whole segment, such as /users/*/cart";
        String path = configured(text, expected);
        String bare = path.substring(1, path.length() - (path.length() > 1 && path.endsWith("/") ? 1 : 0));
        List<String> segments = List.of(bare.split("/", -1));
        for (String segment : segments) {
            if (segment.contains("*") && segment.length() > 1) {
                throw new InvalidValue(expected);
            }
        }
        if (!segments.contains("*")) {
            throw new InvalidValue(expected);
        }
        return new Pattern(segments);
    }

    static PathMatch regex(String text) throws InvalidValue {
        return new Regex(ByteRegex.parse(text));
    }

    private static String configured(String text, String expected) throws InvalidValue {
        return CanonicalPath.ofConfigured(text)
                .orElseThrow(() -> new InvalidValue(expected
                        + ", of visible ASCII, without ?, #, \\, %00, cut % triplets and the segments . and .."));
    }
}
