// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.ClientAddress;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.tck.FakeBackend;
import io.waffle.tck.FakeContext;
import io.waffle.tck.FakeRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both kinds of pool are tried: small ones, which hold a contest for each pick, and large ones, which remember. */
final class IpHashTest {

    private static final int CLIENTS = 2_000;

    private final FakeRequest request = new FakeRequest();

    @Test
    void aHundredThousandAddressesOverTenComeWithinFivePercentOfEven() {
        Picker picker = picker(FakeBackend.many(10));
        Map<Backend, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            counts.merge(picker.pick(request.client(FakeRequest.ipv4(0x0A00_0000 + i))), 1, Integer::sum);
        }
        // Deviation of one share: of the slots 0.6 %, of the clients over slots 0.95 %; together 1.1 %. So this is 4.5
        // deviations.
        counts.values().forEach(count -> assertEquals(10_000, count, 500));
        assertEquals(10, counts.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100})
    void removingOneMovesOnlyItsOwnClientsAndSpreadsThem(int size) {
        List<FakeBackend> members = FakeBackend.many(size);
        List<FakeBackend> without = new ArrayList<>(members);
        FakeBackend gone = without.remove(3);
        List<Backend> before = winners(picker(members));
        List<Backend> after = winners(picker(without));
        Set<Backend> heirs = new HashSet<>();
        for (int i = 0; i < CLIENTS; i++) {
            if (before.get(i) == gone) {
                heirs.add(after.get(i));
            } else {
                assertSame(before.get(i), after.get(i));
            }
        }
        assertTrue(heirs.size() >= Math.min(size - 1, 8), "heirs: " + heirs.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 31, 100})
    void addingOneMovesOnlyThoseThatGoToIt(int size) {
        List<FakeBackend> members = FakeBackend.many(size);
        List<FakeBackend> with = new ArrayList<>(members);
        FakeBackend come = new FakeBackend("come");
        with.add(0, come);
        List<Backend> before = winners(picker(members));
        List<Backend> after = winners(picker(with));
        int moved = 0;
        for (int i = 0; i < CLIENTS; i++) {
            if (after.get(i) == come) {
                moved++;
            } else {
                assertSame(before.get(i), after.get(i));
            }
        }
        double expected = (double) CLIENTS / (size + 1);
        assertEquals(expected, moved, 6 * Math.sqrt(expected), "moved, within six deviations");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100})
    void aHigherWeightOnlyDrawsClientsIn(int size) {
        List<FakeBackend> members = FakeBackend.many(size);
        List<Backend> before = winners(picker(members));
        members.get(5).weight(4);
        List<Backend> after = winners(picker(members));
        for (int i = 0; i < CLIENTS; i++) {
            assertTrue(after.get(i) == before.get(i) || after.get(i) == members.get(5));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100})
    void oneThatIsDownIsAsGoodAsGoneAndComesBack(int size) {
        List<FakeBackend> members = FakeBackend.many(size);
        List<FakeBackend> without = new ArrayList<>(members);
        FakeBackend down = without.remove(7);
        Picker picker = picker(members);
        List<Backend> before = winners(picker);
        request.eligible(backend -> backend != down);
        assertEquals(winners(picker(without)), winners(picker));
        request.eligible(backend -> true);
        assertEquals(before, winners(picker));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100})
    void instancesAgreeWhateverTheOrder(int size) {
        List<FakeBackend> members = new ArrayList<>(FakeBackend.many(size));
        List<Backend> one = winners(picker(members));
        Collections.shuffle(members, new Random(5));
        assertEquals(one, winners(picker(members)));
    }

    /** Written down, so that a new version of Waffle agrees with an old one beside it. */
    @Test
    void mapsAsItAlwaysDid() {
        Picker picker = picker(FakeBackend.many(10));
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            map.append(picker.pick(request.client(FakeRequest.ipv4(0xC000_0200 + i)))
                    .id()
                    .charAt("backend-".length()));
        }
        assertEquals("0363204819164033", map.toString());
    }

    @Test
    void aChangeOfHealthAloneKeepsThePicker() {
        List<Backend> members = List.copyOf(FakeBackend.weighted(1, 2, 3));
        Strategy strategy = strategy(Map.of());
        Picker picker = strategy.picker(members);
        assertSame(picker, strategy.picker(List.copyOf(members)));
        ((FakeBackend) members.get(0)).weight(9);
        assertNotEquals(picker, strategy.picker(members));
    }

    @Test
    void onlyTheFirst64BitsOfIpv6Count() {
        Picker picker = picker(FakeBackend.many(100));
        assertEquals(1, distinct(picker, 0x2001_0DB8_0000_0001L).size());
        assertNotEquals(
                picker.pick(request.client(new ClientAddress(0x2001_0DB8_0000_0001L, 1))),
                picker.pick(request.client(new ClientAddress(0x2001_0DB8_0000_0002L, 1))));
    }

    /** The whole of IPv4 comes to a translator's clients as one /64: each counts as the IPv4 client it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "64:ff9b::c000:%1$x",
                "2002:c000:%1$x::1",
                "::ffff:0:c000:%1$x",
                "::ffff:c000:%1$x",
                "2001:0:102:304:0:1234:3fff:%2$x"
            })
    void aTranslatedClientGoesWhereItsIPv4AddressGoes(String form) throws UnknownHostException {
        Picker picker = picker(FakeBackend.many(100));
        for (int i = 0; i < 256; i++) {
            InetAddress translated = InetAddress.getByName(String.format(form, 0x200 + i, 0xFFFF & ~(0x200 + i)));
            assertSame(
                    picker.pick(request.client(FakeRequest.ipv4(0xC000_0200 + i))),
                    picker.pick(request.client(ClientAddress.of(translated))));
        }
    }

    @Test
    void clientsBehindATranslatorOfOnesOwnAreApart() {
        assertTrue(
                distinct(picker(FakeBackend.many(100)), 0x0064_FF9B_0001_FFFEL).size() > 50);
    }

    /** What only looks like a translator's prefix: a neighbour of NAT64's, one of Teredo's, and the unspecified /64. */
    @ParameterizedTest
    @ValueSource(longs = {0x0064_FF9B_0002_0000L, 0x2001_0001_0000_0000L, 0x2003_0102_0304_0000L})
    void otherPrefixesAreNetworksLikeAny(long network) {
        assertEquals(1, distinct(picker(FakeBackend.many(100)), network).size());
    }

    @Test
    void allBitsOfIpv6CountIfAsked() {
        Picker picker = strategy(Map.of("ipv6-prefix", "128")).picker(List.copyOf(FakeBackend.many(100)));
        assertTrue(distinct(picker, 0x2001_0DB8_0000_0001L).size() > 50);
    }

    @Test
    void neighboursInAnIpv4SubnetStayTogetherIfAsked() {
        Picker picker = strategy(Map.of("ipv4-prefix", "24")).picker(List.copyOf(FakeBackend.many(100)));
        Set<Backend> picked = new HashSet<>();
        for (int i = 0; i < 256; i++) {
            picked.add(picker.pick(request.client(FakeRequest.ipv4(0xC000_0200 + i))));
        }
        assertEquals(1, picked.size());
    }

    private Set<Backend> distinct(Picker picker, long network) {
        Set<Backend> picked = new HashSet<>();
        for (int host = 0; host < 200; host++) {
            picked.add(picker.pick(request.client(new ClientAddress(network, host))));
        }
        return picked;
    }

    /** Which backend each client goes to; twice, for the second pick may come from memory. */
    private List<Backend> winners(Picker picker) {
        List<Backend> first = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            first.add(picker.pick(request.client(FakeRequest.ipv4(0x7F00_0001 + i))));
        }
        for (int i = 0; i < CLIENTS; i++) {
            assertSame(first.get(i), picker.pick(request.client(FakeRequest.ipv4(0x7F00_0001 + i))));
        }
        return first;
    }

    private static Strategy strategy(Map<String, String> options) {
        return new IpHashProvider().create(new FakeContext(options, 7));
    }

    private static Picker picker(List<FakeBackend> members) {
        return strategy(Map.of()).picker(List.copyOf(members));
    }
}
