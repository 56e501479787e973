// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Picker;
import org.jspecify.annotations.Nullable;

/**
 * One of the strategies that choose among the members of a pool, as a snapshot has it.
 *
 * @param made its picker: for the members of the snapshot or, for the moment it takes to make another, for those before
 */
record Balancing(GuardedStrategy strategy, PickerMaker.Made made) {

    static Balancing now(GuardedStrategy strategy) {
        return new Balancing(strategy, strategy.pickers().latest());
    }

    /** The picker; null if the strategy could not make one, or there is no member. */
    @Nullable
    Picker picker() {
        return made.picker();
    }

    @Nullable
    PooledBackend pick(Snapshot snapshot, PickContext request) {
        return strategy.pick(made, snapshot, request);
    }

    Explanation.Told peek(Snapshot snapshot, PickContext request) {
        return strategy.peek(made, snapshot, request);
    }
}
