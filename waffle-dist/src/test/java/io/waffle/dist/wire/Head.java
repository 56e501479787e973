// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.util.List;
import java.util.Optional;

/**
 * A message head as it stood on the wire.
 *
 * @param raw every byte of it, with the empty line, one char a byte
 */
record Head(String startLine, List<Field> fields, String raw) {

    Head {
        fields = List.copyOf(fields);
    }

    /** Of a response. */
    int status() {
        return Integer.parseInt(startLine.split(" ", 3)[1]);
    }

    String method() {
        return startLine.split(" ", 3)[0];
    }

    String target() {
        return startLine.split(" ", 3)[1];
    }

    boolean has(String name) {
        return fields.stream().anyMatch(field -> field.is(name));
    }

    List<String> values(String name) {
        return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
    }

    /** The value of a field that may be there once at most. */
    Optional<String> value(String name) {
        List<String> values = values(name);
        if (values.size() > 1) {
            throw new AssertionError(name + ": " + values + " (expected: one line at most) in\n" + raw);
        }
        return values.stream().findFirst();
    }

    /** Whether a list field holds the token, in any case. */
    boolean lists(String name, String token) {
        return values(name).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .anyMatch(element -> element.strip().equalsIgnoreCase(token));
    }
}
