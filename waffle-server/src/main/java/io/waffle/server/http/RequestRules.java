// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/**
 * What is taken of requests beyond what every recipient must take.
 *
 * @param allowsTrace whether TRACE is served; otherwise it is answered with 405
 * @param refusesUnderscores whether a field name with an underscore is refused with 400; otherwise whoever writes the request leaves it out or not
 * @param encodesRawTargets whether bytes of a target beyond ASCII are taken, to be percent-encoded; otherwise they are refused with 400
 */
public record RequestRules(boolean allowsTrace, boolean refusesUnderscores, boolean encodesRawTargets) {

    public static final RequestRules DEFAULT = new RequestRules(false, false, false);
}
