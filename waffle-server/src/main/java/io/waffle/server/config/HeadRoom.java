// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

/**
 * Holds heads to the buffer they are written into: one that is within {@code limits.head} always fits when it has been rewritten, so that it is never
 * refused for what was added to it.
 */
final class HeadRoom {

    private static final int BUFFER = 64 * 1024;

    /** What Waffle writes of its own into a request, with the host it was asked for twice over, and the path of the backend. */
    private static final int REQUEST = 3 * 1024 + BackendUrl.MAX_PATH;

    /** What it tells of a client's certificate. */
    private static final int CERTIFICATES = 12 * 1024;

    /** What it writes into a response, without the cookie. */
    private static final int RESPONSE = 256;

    /** A cookie without its name and path. */
    private static final int COOKIE = 160;

    private HeadRoom() {}

    /**
     * How many bytes may be put into requests.
     *
     * @param certificates whether backends are told of those of clients
     */
    static int ofRequests(LimitsConfig limits, boolean certificates) {
        return BUFFER - limits.head() - REQUEST - (certificates ? CERTIFICATES : 0);
    }

    /** How many bytes may be put into responses. A line that ends in LF alone becomes longer by two. */
    static int ofResponses(LimitsConfig limits, StickyConfig sticky, boolean leniency) {
        int cookie = sticky.cookie()
                .map(name -> COOKIE + name.length() + sticky.path().length())
                .orElse(0);
        return BUFFER - limits.head() - RESPONSE - cookie - (leniency ? 2 * limits.fields() + 4 : 0);
    }
}
