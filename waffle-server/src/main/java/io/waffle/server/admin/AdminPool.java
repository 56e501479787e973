// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.config.PoolConfig;
import io.waffle.server.discovery.Membership;
import io.waffle.server.pool.Pool;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A pool as it is looked at and changed.
 *
 * @param members its backends are changed through it
 * @param config what it goes by at the time of asking
 */
public record AdminPool(Pool pool, Membership members, Supplier<PoolConfig> config) {

    String name() {
        return pool.name();
    }

    String strategy() {
        return config.get().loadBalancing().name();
    }

    /** Whether it has a backend of this id, or an address of one. */
    boolean has(String id) {
        return Stream.concat(members.configured().stream(), members.members().stream())
                .anyMatch(backend -> backend.id().equals(id));
    }
}
