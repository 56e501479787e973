// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/**
 * What is taken of a head that is not written as it should be, though it can be read in one way only. It is passed on as it should be.
 *
 * @param bareLineFeeds whether a line may end in LF alone (RFC 9112 section 2.2)
 * @param blanksBeforeColons whether there may be blanks between a field name and its colon, which a proxy is to remove from responses (section 5.1)
 * @param repeatedLength whether {@code Content-Length} may come more than once, always with the same number (RFC 9110 section 8.6)
 */
record Tolerance(boolean bareLineFeeds, boolean blanksBeforeColons, boolean repeatedLength) {

    /** Clients are strangers. */
    static final Tolerance REQUEST = new Tolerance(false, false, false);

    static final Tolerance RESPONSE = new Tolerance(false, true, true);

    /** As {@link #RESPONSE}, for backends of which an operator says that they are like that. */
    static final Tolerance LENIENT_RESPONSE = new Tolerance(true, true, true);
}
