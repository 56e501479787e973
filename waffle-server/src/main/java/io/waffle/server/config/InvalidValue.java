// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

/** A value does not have the form of its setting. Says what was expected; whoever catches it knows where the value was given. */
public final class InvalidValue extends Exception {

    private static final long serialVersionUID = 1;

    private final String expected;

    /**
     * Of a value that is none.
     *
     * @param expected what would have been right, with an example if the form is not plain
     */
    public InvalidValue(String expected) {
        super("expected: " + expected, null, false, false);
        this.expected = expected;
    }

    /** What was expected. */
    public String expected() {
        return expected;
    }
}
