// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.List;

/** A row of the comparison. Ids are stable; a row that is only for the asking takes long. */
record Workload(String id, String title, Load load, Field field, List<Bound> bounds, boolean onlyIfAsked) {

    /** Who takes part. */
    enum Field {
        /** All proxies, in plain HTTP. */
        PLAIN,
        /** Those that can be configured for it: everybody but Undertow. */
        CONFIGURED,
        /** The floor, with all proxies beside it. */
        WITH_FLOOR,
        WAFFLE_ONLY;

        boolean admits(Peer peer) {
            return switch (this) {
                case PLAIN -> peer != JavaPeer.FLOOR;
                case CONFIGURED -> !(peer instanceof JavaPeer);
                case WITH_FLOOR -> true;
                case WAFFLE_ONLY -> peer instanceof Waffle;
            };
        }
    }

    Workload(String id, String title, Load load, Field field, List<Bound> bounds) {
        this(id, title, load, field, bounds, false);
    }
}
