// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/**
 * What trailers may cost, and what is done about those that cost more.
 *
 * @param bytes of all lines, without their ends
 * @param fields how many lines
 * @param ofRequest whether more is an error, 431; otherwise the rest is left out, and the content before is not cut off for it
 * @param passesUnderscores whether a name with an underscore passes in a request
 */
public record TrailerRules(int bytes, int fields, boolean ofRequest, boolean passesUnderscores) {

    /** For a request, as much as {@link HeadLimits#DEFAULT} has for its head. */
    public static final TrailerRules REQUEST =
            new TrailerRules(HeadLimits.DEFAULT.head(), HeadLimits.DEFAULT.fields(), true, false);

    /** The same for a response. */
    public static final TrailerRules RESPONSE =
            new TrailerRules(HeadLimits.DEFAULT.head(), HeadLimits.DEFAULT.fields(), false, true);

    public TrailerRules {
        if (bytes < 1 || fields < 1) {
            throw new IllegalArgumentException("trailers: " + bytes + ", " + fields + " (expected: both positive)");
        }
    }
}
