// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

/**
 * How good a choice a backend is. A request is offered those of the first tier that has one it was not sent to yet, so that none fails while a
 * backend that might serve it has not been tried; when these are full, it waits for one of them.
 */
enum Tier {
    /** Nothing speaks against them: the strategy chooses. */
    AVAILABLE,
    /** As those, but meant for when there are none: the strategy chooses. */
    BACKUP,
    /** Left out for what their requests came to: the one that was left out or tried the longest ago. */
    EJECTED,
    /** Held down by their checks, if that is the policy ({@code all_down}): the strategy chooses. */
    DOWN,
    /** Not meant to get requests, or there is none. */
    NONE;

    /** Whether nothing speaks against those. */
    boolean isWell() {
        return this == AVAILABLE || this == BACKUP;
    }

    /** Whether health has something against those. */
    boolean isLastResort() {
        return this == EJECTED || this == DOWN;
    }

    /** The next best. */
    Tier next() {
        return switch (this) {
            case AVAILABLE -> BACKUP;
            case BACKUP -> EJECTED;
            case EJECTED -> DOWN;
            case DOWN, NONE -> NONE;
        };
    }
}
