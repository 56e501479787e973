// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Holds a request against one condition on a field. Immutable. */
final class FieldCheck {

    private final FieldKind kind;
    private final FieldMatch match;
    private final int number;
    private final byte @Nullable [] exact;
    private final @Nullable ByteRegex regex;

    FieldCheck(FieldKind kind, FieldMatch match, int number) {
        this.kind = kind;
        this.match = match;
        this.number = number;
        this.exact = match.value() instanceof ValueMatch.Exact value ? PathCheck.bytes(value.text()) : null;
        this.regex = match.value() instanceof ValueMatch.Regex value ? value.regex() : null;
    }

    boolean holds(RouteQuery query) {
        int start = query.valueStart(kind, number);
        if (start < 0) {
            return false;
        }
        int end = query.valueEnd(kind, number);
        if (exact != null) {
            return Arrays.equals(query.values(), start, end, exact, 0, exact.length);
        }
        return regex == null || query.machine().matches(regex, query.values(), start, end);
    }

    FieldKind kind() {
        return kind;
    }

    int number() {
        return number;
    }

    /** The value it has to be, if it has to be one. */
    byte @Nullable [] exact() {
        return exact;
    }

    @Override
    public String toString() {
        return kind + " " + match;
    }
}
