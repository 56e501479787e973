// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.CidrSet;
import io.waffle.server.config.ForwardingConfig;
import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.loop.Loop;
import io.waffle.server.tls.ServerTls;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is made of a {@link Frontend}; a reload puts another in its place, and what is under way ends by the one it began with.
 *
 * @param name of the listener, which a reload may change, too
 * @param introducers peers that say who the client is, by the PROXY protocol
 * @param forwarding whom it trusts
 * @param clientConnections how many one client may have; 0 for any number
 */
record ListenerState(
        String name,
        TimeoutsConfig timeouts,
        Optional<ServerTls> tls,
        @Nullable AccessLog accessLog,
        Map<Loop, Exchanges> exchanges,
        int minHeadRate,
        CidrSet introducers,
        ForwardingConfig forwarding,
        int clientConnections) {

    /** Those of one loop. */
    Exchanges on(Loop loop) {
        Exchanges mine = exchanges.get(loop);
        if (mine == null) {
            throw new IllegalStateException("a loop of another listener");
        }
        return mine;
    }
}
