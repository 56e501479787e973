// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Offload;
import java.net.InetAddress;
import java.security.Security;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Looks names up by the host's resolver, all at once, on threads where that may block. */
final class Lookup {

    /** A name that takes longer does not resolve, this time. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    static {
        // Who looks again after a while wants to know, and not what Java remembers; the rest is against a look for each
        // connection.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
    }

    private Lookup() {}

    /** The addresses of each name that resolves in time. */
    static Map<String, List<InetAddress>> of(Collection<String> names) {
        long deadline = Deadline.in(PATIENCE);
        Map<String, Future<InetAddress[]>> asked = new HashMap<>();
        Map<String, List<InetAddress>> found = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String name : names) {
                Callable<InetAddress[]> ask =
                        () -> Offload.LOOKUPS.call(() -> InetAddress.getAllByName(name), deadline);
                asked.put(name, threads.submit(ask));
            }
        }
        asked.forEach((name, answer) -> {
            try {
                found.put(name, List.of(answer.get()));
            } catch (ExecutionException e) {
                System.getLogger("io.waffle.discovery").log(System.Logger.Level.DEBUG, name + ": " + e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return found;
    }
}
