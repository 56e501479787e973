// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.List;
import java.util.Optional;

/**
 * What would be picked for a request, and why.
 *
 * @param candidates every member, in configured order
 * @param choice empty if there is none, or it cannot be told
 * @param why what led to the choice, or to none
 */
public record Explanation(List<Candidate> candidates, Optional<PooledBackend> choice, Why why) {

    /**
     * A member, as the pick would see it.
     *
     * @param open whether it may be chosen
     * @param obstacles what speaks against it; when health leaves no other choice, some of this is overlooked
     */
    public record Candidate(PooledBackend backend, boolean open, List<Obstacle> obstacles) {}

    /** What can speak against a backend. */
    public enum Obstacle {
        /** Active checks fail. */
        DOWN,
        /** Its requests failed, and it is left out for a while. */
        EJECTED,
        /** It gets no new request until it is told to. */
        DRAINING,
        /** Its weight is 0, so it gets no new request. */
        NO_WEIGHT,
        /** It has as much in flight as it may. */
        FULL
    }

    /** What led to a choice, or to none. */
    public enum Why {
        /** A cookie keeps the client with it. */
        STICKY,
        /** The strategy would choose it. */
        POLICY,
        /** The strategy is in quarantine, or would choose one that cannot be had: the host would choose in its place. */
        FALLBACK,
        /** Health has something against every backend, and some of it would be overlooked. */
        ALL_DOWN,
        /** The strategy would choose, and does not tell what. */
        UNTOLD,
        /** The strategy failed when it was asked. */
        FAULT,
        /** No backend is open to the request. */
        NONE
    }

    /** A choice, or none, with what led to it. */
    record Told(Optional<PooledBackend> choice, Why why) {}
}
