// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.InvalidValue;

/** What the value of a field has to be. Letter case counts. The more precise come first: a text, a regular expression, any value at all. */
public sealed interface ValueMatch {

    /** Any value, an empty one as well. */
    ValueMatch PRESENT = new Present();

    /** The value as a whole. */
    record Exact(String text) implements ValueMatch {
        @Override
        public String toString() {
            return "=" + text;
        }
    }

    /** The value as a whole matches. */
    record Regex(ByteRegex regex) implements ValueMatch {
        @Override
        public String toString() {
            return "~" + regex;
        }
    }

    /** The field is there. */
    record Present() implements ValueMatch {
        @Override
        public String toString() {
            return "";
        }
    }

    static ValueMatch exact(String text) {
        return new Exact(text);
    }

    static ValueMatch regex(String text) throws InvalidValue {
        return new Regex(ByteRegex.parse(text));
    }
}
