// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.Locale;

/** Why a request went to the backend it went to. */
public enum Reason {
    /** The strategy chose it. */
    POLICY,
    /** The client is kept with it by a cookie. */
    STICKY,
    /** Another one had failed. */
    RETRY,
    /** The strategy had failed, or had chosen one that cannot be had, and the host chose in its place. */
    FALLBACK,
    /** Health had something against every backend, and all were tried. */
    ALL_DOWN,
    /** All were full, and it was the first that was not. */
    QUEUE;

    private final String written = name().toLowerCase(Locale.ROOT);

    /** As the log has it. */
    public String written() {
        return written;
    }
}
