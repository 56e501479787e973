// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.loop.Loop;
import io.waffle.server.tls.ServerTls;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is made of one set of {@link Terms}; a reload puts another in its place, and what is under way ends by the one it began with. */
record Service(
        TimeoutsConfig timeouts,
        Optional<ServerTls> tls,
        Forwarder forwarder,
        @Nullable AccessLog accessLog,
        Map<Loop, PerLoop> loops,
        int minHeadRate) {

    /** What belongs to one loop. */
    record PerLoop(Exchanges exchanges, BackendConnections connections) {}

    PerLoop on(Loop loop) {
        PerLoop mine = loops.get(loop);
        if (mine == null) {
            throw new IllegalStateException("a loop of another listener");
        }
        return mine;
    }
}
