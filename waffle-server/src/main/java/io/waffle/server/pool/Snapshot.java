// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Picker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment, published whole by one swap, so that no reader sees members of one moment and a picker of another.
 *
 * @param members in configured order
 * @param available how many of them were available
 * @param picker the strategy's, for these members; null if it could not make one, or there is no member
 */
record Snapshot(
        List<PooledBackend> members,
        int available,
        @Nullable Picker picker) {

    static final Snapshot EMPTY = new Snapshot(List.of(), 0, null);

    /**
     * Whether any member is open to the request. More available than tried leaves one over, without looking at any; a backend that went down
     * since, whose new snapshot is under way, is found after the pick.
     */
    boolean anyOpen(PickContext request) {
        return available > request.triedCount() || nextOpen(request, 0) != null;
    }

    /** Whether health has something against every member that is meant to get requests. */
    boolean noneAvailable() {
        return available == 0 && members.stream().noneMatch(PooledBackend::isAvailable);
    }

    /** The first open member at this position or after it, going round; null if there is none. */
    @Nullable
    PooledBackend nextOpen(PickContext request, int from) {
        int count = members.size();
        for (int i = 0; i < count; i++) {
            int at = from + i;
            PooledBackend candidate = members.get(at < count ? at : at - count);
            if (request.isOpen(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
