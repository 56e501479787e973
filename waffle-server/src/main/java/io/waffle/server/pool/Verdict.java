// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Outcome;
import io.waffle.server.config.EjectionConfig;

/**
 * What an attempt says of its backend: the table of who is judged by what, of which docs/architecture.md has the words.
 *
 * <p>An attempt is judged once: at the head of its final response, or its 101; behind that the fault may be anybody's. If none comes, the kind of its
 * end is what counts, and those that are the client's doing or our own say nothing.
 */
public enum Verdict {
    /** It did as it should. */
    FOR,
    /** It did not, whoever asked. */
    AGAINST,
    /** Its application failed: that may be the page, or the client, rather than the backend. It counts as far as this one stands out. */
    DOUBTFUL,
    /** Nothing at all. */
    NONE;

    private static final int NOT_IMPLEMENTED = 501;
    private static final int VERSION_NOT_SUPPORTED = 505;

    /** What this end says, by these rules. */
    static Verdict of(Outcome.Kind kind, int status, EjectionConfig config) {
        return switch (kind) {
            case SUCCESS, SERVER_ERROR -> ofStatus(status, config);
            case CONNECT_FAILED, TIMEOUT, RESET, BAD_RESPONSE -> AGAINST;
            case CLIENT_GONE, NOT_SENT -> NONE;
        };
    }

    /** An answer that says what the server cannot do says nothing of how it is. */
    private static Verdict ofStatus(int status, EjectionConfig config) {
        if (status < 500 || status == NOT_IMPLEMENTED || status == VERSION_NOT_SUPPORTED) {
            return FOR;
        }
        return config.statuses().contains(status) ? AGAINST : DOUBTFUL;
    }
}
