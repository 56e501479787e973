// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.loop.Offload;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The resolver of the host, which blocks in native code: it does so on threads that are for nothing else. The one place that calls it. */
final class HostSource {

    static {
        // Who looks again wants to know, and not what Java remembers.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private HostSource() {}

    /** As a {@link Source}, which is not made before it is asked: a start without names does without the settings above. */
    static CompletableFuture<Answer> look(String name) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Offload.LOOKUPS.run(() -> answer.complete(ask(name)));
        return answer;
    }

    private static Answer ask(String name) {
        try {
            return Answer.of(List.of(InetAddress.getAllByName(name)), Duration.ZERO);
        } catch (UnknownHostException | RuntimeException e) {
            return Answer.SILENCE;
        }
    }
}
