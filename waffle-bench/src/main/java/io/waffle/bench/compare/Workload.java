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
        WAFFLE_ONLY,
        /** Waffle as it ships, and bare. */
        WAFFLE_AND_BARE;

        boolean admits(Peer peer) {
            boolean bare = peer instanceof Waffle waffle && waffle.variant() == Waffle.Variant.BARE;
            return switch (this) {
                case PLAIN -> peer != JavaPeer.FLOOR && !bare;
                case CONFIGURED -> !(peer instanceof JavaPeer) && !bare;
                case WITH_FLOOR -> !bare;
                case WAFFLE_ONLY -> peer instanceof Waffle && !bare;
                case WAFFLE_AND_BARE ->
                    bare || (peer instanceof Waffle waffle && waffle.variant() == Waffle.Variant.SHIPPED);
            };
        }
    }

    Workload(String id, String title, Load load, Field field, List<Bound> bounds) {
        this(id, title, load, field, bounds, false);
    }
}
