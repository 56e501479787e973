// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.Configs;
import io.waffle.server.config.DnsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pool gets to know of names and changes. */
@Timeout(60)
final class MembershipTest {

    private static final DnsConfig LATE = new DnsConfig(Duration.ofHours(24), Duration.ZERO);
    private static final DnsConfig OFTEN = new DnsConfig(Duration.ofMillis(5), Duration.ZERO);
    private static final DnsConfig NEVER = new DnsConfig(Duration.ZERO, Duration.ZERO);

    private final List<List<String>> published = new CopyOnWriteArrayList<>();
    private final FakeNames names = new FakeNames();
    private final Membership membership = new Membership(
            now -> published.add(now.stream().map(BackendConfig::id).toList()), names.resolver(), new Random(1));

    @AfterEach
    void close() {
        membership.close();
    }

    @Test
    void addressesAndLocalhostNeedNoLookUp() {
        configure(LATE, "http://10.0.0.1", "http://[::1]:81", "http://localhost:82");
        assertEquals(List.of(List.of("10.0.0.1:80", "[::1]:81", "localhost:82")), published);
        assertEquals(List.of(), names.asked());
    }

    @Test
    void nameThatEndsInADigitIsAName() {
        names.put("app1", "10.0.0.1");
        configure(LATE, "http://app1");
        assertEquals(List.of(List.of("app1:80@10.0.0.1")), published);
    }

    @Test
    void eachAddressIsABackendInAnOrderThatStays() {
        names.put("app", "10.0.0.20", "10.0.0.3");
        configure(OFTEN, "http://app/x", "http://10.0.0.1");
        assertEquals(List.of("app:80/x@10.0.0.3", "app:80/x@10.0.0.20", "10.0.0.1:80"), published.getLast());
        assertEquals(2, membership.configured().size());
        names.put("app", "10.0.0.3", "10.0.0.4");
        await("app:80/x@10.0.0.3, app:80/x@10.0.0.4, 10.0.0.1:80");
        assertEquals(2, published.size(), "the same in another order is no change");
    }

    @Test
    void lastGoodAnswerStays() {
        names.put("app", "10.0.0.1");
        names.put("other", "10.0.0.1");
        configure(OFTEN, "http://app", "http://other");
        names.clear();
        names.put("other", "10.0.0.2");
        await("app:80@10.0.0.1, other:80@10.0.0.2");
    }

    @Test
    void nameThatIsNotKnownIsOneBackendUntilItIs() {
        configure(OFTEN, "http://app");
        assertEquals(List.of("app:80"), published.getLast());
        names.put("app", "10.0.0.1");
        await("app:80@10.0.0.1");
    }

    @Test
    void changeLooksUpOnlyWhatIsNew() {
        names.put("a", "10.0.0.1");
        names.put("b", "10.0.0.2");
        configure(LATE, "http://a");
        assertEquals(List.of("a"), names.asked());
        configure(LATE, "http://a", "http://b");
        assertEquals(List.of("a", "b"), names.asked());
    }

    @Test
    void lateAnswerIsTakenAndHoldsUpNoOther() {
        CountDownLatch slow = names.slow("slow");
        names.put("slow", "10.0.0.1");
        names.put("quick", "10.0.0.2");
        configure(OFTEN, "http://slow", "http://quick");
        assertEquals(List.of("slow:80", "quick:80@10.0.0.2"), published.getLast());
        names.put("quick", "10.0.0.3");
        await("slow:80, quick:80@10.0.0.3");
        slow.countDown();
        await("slow:80@10.0.0.1, quick:80@10.0.0.3");
    }

    @Test
    void changeThatWaitsForANameEndsWhenAllEnds() throws InterruptedException {
        names.slow("slow");
        Thread waiting = Thread.ofVirtual().start(() -> configure(LATE, "http://slow"));
        while (names.asked().isEmpty()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        membership.close();
        waiting.join();
        assertEquals(List.of("slow"), names.asked());
    }

    @Test
    void changeThatFailsIsNone() {
        configure(NEVER, "http://10.0.0.1");
        assertThrows(
                IllegalStateException.class,
                () -> membership.change(now -> {
                    throw new IllegalStateException("no");
                }));
        assertEquals(1, published.size());
        assertEquals("10.0.0.1:80", membership.configured().getFirst().id());
    }

    @Test
    void withoutAnIntervalANameIsOneBackend() {
        names.put("app", "10.0.0.1", "10.0.0.2");
        configure(NEVER, "http://app");
        assertEquals(List.of("app:80"), published.getLast());
        configure(LATE, "http://app");
        assertEquals(List.of("app:80@10.0.0.1", "app:80@10.0.0.2"), published.getLast());
        configure(NEVER, "http://app");
        assertEquals(List.of("app:80"), published.getLast());
    }

    @Test
    void anotherIntervalIsGoneByAtOnce() {
        names.put("app", "10.0.0.1");
        configure(LATE, "http://app");
        names.put("app", "10.0.0.2");
        configure(OFTEN, "http://app");
        await("app:80@10.0.0.2");
    }

    @Test
    void changesAreToldBehindEachOther() {
        List<Integer> told = new ArrayList<>();
        membership.onChange(() -> told.add(published.size()));
        configure(NEVER, "http://10.0.0.1");
        configure(NEVER, "http://10.0.0.1");
        configure(NEVER, "http://10.0.0.2");
        assertEquals(List.of(1, 2), told, "nothing is told of what is no change");
    }

    @Test
    void addressThatDiffersFromItsNameDoesSoForAsLongAsItIsThere() {
        names.put("app", "10.0.0.1", "10.0.0.2");
        configure(OFTEN, "http://app");
        membership.change(before -> {
            List<BackendConfig> more = new ArrayList<>(before);
            more.add(membership.members().getLast().withDraining(true));
            return more;
        });
        await("app:80@10.0.0.1, app:80@10.0.0.2 drains");
        assertEquals(1, membership.configured().size());
        names.put("app", "10.0.0.2", "10.0.0.3");
        await("app:80@10.0.0.2 drains, app:80@10.0.0.3");
        names.put("app", "10.0.0.3");
        await("app:80@10.0.0.3");
        names.put("app", "10.0.0.2", "10.0.0.3");
        await("app:80@10.0.0.2, app:80@10.0.0.3"); // it was gone in between
    }

    private void await(String members) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!members().equals(members)) {
            assertTrue(System.nanoTime() < deadline, () -> "still " + members());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private String members() {
        return membership.members().stream()
                .map(member -> member.id() + (member.draining() ? " drains" : ""))
                .collect(Collectors.joining(", "));
    }

    private void configure(DnsConfig dns, String... urls) {
        membership.change(dns, before -> Arrays.stream(urls)
                .map(url -> Configs.backend(BackendUrl.of(URI.create(url)), 1, Map.of()))
                .toList());
    }
}
