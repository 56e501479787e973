// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.BackendConfig;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a pool gets to know of names and changes. */
final class MembershipTest {

    private static final Duration LATE = Duration.ofHours(24);

    private final List<List<String>> published = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, List<InetAddress>> zone = new HashMap<>();
    private final Membership membership = new Membership(
            now -> published.add(now.stream().map(BackendConfig::id).toList()), this::lookup, new Random(1));

    @Test
    void literalsAndLocalhostNeedNoLookUp() {
        membership.lookEvery(LATE);
        configure("http://10.0.0.1", "http://[::1]:81", "http://localhost:82");
        assertEquals(List.of(List.of("10.0.0.1:80", "[::1]:81", "localhost:82")), published);
        assertEquals(List.of(), asked);
    }

    @Test
    void eachAddressIsABackendInAnOrderThatStays() {
        membership.lookEvery(LATE);
        zone("app", "10.0.0.20", "10.0.0.3");
        configure("http://app/x", "http://10.0.0.1");
        assertEquals(List.of("app:80/x@10.0.0.3", "app:80/x@10.0.0.20", "10.0.0.1:80"), published.getLast());
        assertEquals(2, membership.configured().size());
        zone("app", "10.0.0.3", "10.0.0.20");
        refresh();
        assertEquals(1, published.size(), "the same in another order is no change");
        zone("app", "10.0.0.3", "10.0.0.4");
        refresh();
        assertEquals(List.of("app:80/x@10.0.0.3", "app:80/x@10.0.0.4", "10.0.0.1:80"), published.getLast());
    }

    @Test
    void ofBothKindsTheFirstIsTaken() {
        membership.lookEvery(LATE);
        zone("four", "10.0.0.1", "fd00::1");
        zone("six", "fd00::2", "10.0.0.2", "fd00::1");
        configure("http://four", "http://six");
        assertEquals(
                List.of("four:80@10.0.0.1", "six:80@fd00:0:0:0:0:0:0:1", "six:80@fd00:0:0:0:0:0:0:2"),
                published.getLast());
    }

    @Test
    void lastGoodAnswerStays() {
        membership.lookEvery(LATE);
        zone("app", "10.0.0.1");
        configure("http://app");
        zone.clear();
        refresh();
        assertEquals(List.of(List.of("app:80@10.0.0.1")), published);
    }

    @Test
    void nameThatIsNotKnownIsOneBackendUntilItIs() {
        membership.lookEvery(LATE);
        configure("http://app");
        assertEquals(List.of("app:80"), published.getLast());
        zone("app", "10.0.0.1");
        refresh();
        assertEquals(List.of("app:80@10.0.0.1"), published.getLast());
    }

    @Test
    void changeLooksUpOnlyWhatIsNew() {
        membership.lookEvery(LATE);
        zone("a", "10.0.0.1");
        zone("b", "10.0.0.2");
        configure("http://a");
        configure("http://a", "http://b");
        assertEquals(List.of("[a]", "[b]"), asked);
    }

    @Test
    void changeThatFailsIsNone() {
        configure("http://10.0.0.1");
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
        zone("app", "10.0.0.1", "10.0.0.2");
        configure("http://app");
        assertEquals(List.of("app:80"), published.getLast());
        membership.lookEvery(LATE);
        assertEquals(List.of("app:80@10.0.0.1", "app:80@10.0.0.2"), published.getLast());
        membership.lookEvery(Duration.ZERO);
        assertEquals(List.of("app:80"), published.getLast());
    }

    @Test
    void roundThatIsOverLooksNothingUp() {
        membership.lookEvery(LATE);
        membership.lookEvery(LATE.minusHours(1));
        assertFalse(membership.refresh(1));
        assertTrue(membership.refresh(2));
    }

    @Test
    void changesAreToldBehindEachOther() {
        List<Integer> told = new ArrayList<>();
        membership.onChange(() -> told.add(published.size()));
        configure("http://10.0.0.1");
        configure("http://10.0.0.1");
        configure("http://10.0.0.2");
        assertEquals(List.of(1, 2), told, "nothing is told of what is no change");
    }

    @Test
    void addressThatDiffersFromItsNameDoesSoForAsLongAsItIsThere() {
        membership.lookEvery(LATE);
        zone("app", "10.0.0.1", "10.0.0.2");
        configure("http://app");
        membership.change(before -> {
            List<BackendConfig> more = new ArrayList<>(before);
            more.add(membership.members().getLast().withDraining(true));
            return more;
        });
        assertEquals("app:80@10.0.0.1, app:80@10.0.0.2 drains", members());
        assertEquals(1, membership.configured().size());
        zone.clear();
        refresh();
        assertEquals("app:80@10.0.0.1, app:80@10.0.0.2 drains", members(), "as its last good answer stays");
        zone("app", "10.0.0.2", "10.0.0.3");
        refresh();
        assertEquals("app:80@10.0.0.2 drains, app:80@10.0.0.3", members());
        zone("app", "10.0.0.3");
        refresh();
        zone("app", "10.0.0.2", "10.0.0.3");
        refresh();
        assertEquals("app:80@10.0.0.2, app:80@10.0.0.3", members(), "it was gone in between");
    }

    private String members() {
        return membership.members().stream()
                .map(member -> member.id() + (member.draining() ? " drains" : ""))
                .collect(Collectors.joining(", "));
    }

    private void refresh() {
        assertTrue(membership.refresh(1));
    }

    private void configure(String... urls) {
        membership.change(before -> Arrays.stream(urls)
                .map(url -> new BackendConfig(withPort(URI.create(url)), 1, Map.of()))
                .toList());
    }

    private static URI withPort(URI uri) {
        return uri.getPort() < 0 ? URI.create(uri.getScheme() + "://" + uri.getHost() + ":80" + uri.getRawPath()) : uri;
    }

    private void zone(String name, String... addresses) {
        zone.put(name, Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    }

    private Map<String, List<InetAddress>> lookup(Collection<String> names) {
        asked.add(new TreeSet<>(names).toString());
        Map<String, List<InetAddress>> found = new HashMap<>(zone);
        found.keySet().retainAll(names);
        return found;
    }
}
