// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

/** What a condition on a field is about. */
enum FieldKind {
    HEADER("header"),
    QUERY("query parameter"),
    COOKIE("cookie");

    private final String words;

    FieldKind(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
