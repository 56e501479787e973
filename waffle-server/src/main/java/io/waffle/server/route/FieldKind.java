// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

/** What a condition on a field is about. */
enum FieldKind {
    HEADER(0, "header"),
    QUERY(1, "query parameter"),
    COOKIE(2, "cookie");

    private final int number;
    private final String words;

    FieldKind(int number, String words) {
        this.number = number;
        this.words = words;
    }

    /** Its place in an array of all. */
    int number() {
        return number;
    }

    @Override
    public String toString() {
        return words;
    }
}
