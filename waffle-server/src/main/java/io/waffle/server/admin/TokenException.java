// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import java.nio.file.Path;

/** A file holds no token. */
public final class TokenException extends Exception {

    private static final long serialVersionUID = 1;

    private final String actual;
    private final String expected;

    TokenException(Path file, String actual, String expected) {
        super(file + ": " + actual + " (expected: " + expected + ")");
        this.actual = actual;
        this.expected = expected;
    }

    /** What is there, without giving anything of it away. */
    public String actual() {
        return actual;
    }

    /** What should be. */
    public String expected() {
        return expected;
    }
}
