// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.util.Locale;

/** Writes one JSON object, in one line. Names and values are our own: numbers, and what is JSON already. */
final class Json {

    private final StringBuilder text = new StringBuilder();

    Json add(String name, long value) {
        return addRaw(name, Long.toString(value));
    }

    /** With one decimal. */
    Json add(String name, double value) {
        return addRaw(name, String.format(Locale.ROOT, "%.1f", value));
    }

    Json addRaw(String name, String json) {
        text.append(text.isEmpty() ? "{" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(json);
        return this;
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
