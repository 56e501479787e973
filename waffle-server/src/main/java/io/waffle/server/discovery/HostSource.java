// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Offload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.security.Security;
import java.time.Duration;
import java.util.List;

/** The resolver of the host, which blocks in native code: it does so on threads that are for nothing else. The one place that calls it. */
final class HostSource implements Source {

    static {
        // Who looks again wants to know, and not what Java remembers.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    @Override
    public Answer look(String name) throws InterruptedException {
        try {
            return Answer.of(
                    List.of(Offload.LOOKUPS.call(() -> InetAddress.getAllByName(name), Deadline.NONE)), Duration.ZERO);
        } catch (InterruptedIOException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            return Answer.SILENCE;
        }
    }
}
