// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Names whose addresses a test decides. */
public final class FakeNames {

    private final Map<String, List<InetAddress>> zone = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> slow = new ConcurrentHashMap<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /** Who looks names up here. */
    public Resolver resolver() {
        return new Resolver(this::look);
    }

    /** From now on. */
    public void put(String name, String... addresses) {
        zone.put(name, Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    }

    /** No name has an address any more. */
    void clear() {
        zone.clear();
    }

    /** Has an answer for this name wait until the latch is open. */
    CountDownLatch slow(String name) {
        CountDownLatch latch = new CountDownLatch(1);
        slow.put(name, latch);
        return latch;
    }

    List<String> asked() {
        return asked.stream().distinct().sorted().toList();
    }

    private CompletableFuture<Answer> look(String name) {
        asked.add(name);
        CountDownLatch latch = slow.getOrDefault(name, new CountDownLatch(0));
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                latch.await();
                List<InetAddress> addresses = zone.get(name);
                answer.complete(addresses == null ? Answer.SILENCE : Answer.of(addresses, Duration.ZERO));
            } catch (InterruptedException e) {
                throw new AssertionError("nobody does", e);
            }
        });
        return answer;
    }
}
