// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a look-up has brought, of each kind of address by itself: which there are, maybe none, or that it could not be learned. That there is
 * none is an answer; silence is not.
 *
 * @param four the IPv4 addresses; empty if they could not be learned
 * @param six the IPv6 addresses; empty if they could not be learned
 * @param ttl how long it is good for; zero if that is not known
 */
record Answer(Optional<List<InetAddress>> four, Optional<List<InetAddress>> six, Duration ttl) {

    /** Nothing was learned. */
    static final Answer SILENCE = new Answer(Optional.empty(), Optional.empty(), Duration.ZERO);

    /** All addresses there are. */
    static Answer of(Collection<InetAddress> addresses, Duration ttl) {
        return new Answer(
                Optional.of(sorted(addresses, Inet4Address.class)),
                Optional.of(sorted(addresses, Inet6Address.class)),
                ttl);
    }

    /** Whether it was learned which addresses there are of this kind, were it none. */
    boolean knows(DnsMessage.Type kind) {
        return (kind == DnsMessage.Type.A ? four : six).isPresent();
    }

    /** This, and of a kind that it does not know what the other knows. */
    Answer or(Answer other) {
        return new Answer(
                four.isPresent() ? four : other.four, six.isPresent() ? six : other.six, resolves() ? ttl : other.ttl);
    }

    /** Whether there is an address. */
    boolean resolves() {
        return (four.isPresent() && !four.get().isEmpty())
                || (six.isPresent() && !six.get().isEmpty());
    }

    /** All addresses, the IPv4 ones first. */
    List<InetAddress> all() {
        return Stream.of(four, six)
                .flatMap(Optional::stream)
                .flatMap(List::stream)
                .toList();
    }

    /** In an order of their own, for name servers turn them round. What no backend can be at is left out: blocklists answer with 0.0.0.0. */
    static List<InetAddress> sorted(Collection<InetAddress> addresses, Class<? extends InetAddress> kind) {
        List<InetAddress> sorted = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            boolean some = kind.isInstance(address) && !address.isAnyLocalAddress() && !address.isMulticastAddress();
            if (some && !sorted.contains(address)) {
                sorted.add(address);
            }
        }
        if (sorted.size() > 1) {
            sorted.sort((a, b) -> Arrays.compareUnsigned(a.getAddress(), b.getAddress()));
        }
        return List.copyOf(sorted);
    }
}
