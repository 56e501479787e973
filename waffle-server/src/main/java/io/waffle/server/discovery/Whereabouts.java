// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a name is, by all its answers so far. An address that an answer leaves out stays for a grace time: name servers hand out a part of
 * what they have, and who leaves loses what is known of it. Of the two kinds one is in use, or a host with both would count twice; the other
 * takes its place when nothing of it is left.
 *
 * <p>Threading: one thread at a time.
 */
final class Whereabouts {

    /** Present; all else in these maps is the moment since when an address has been left out. */
    private static final long PRESENT = Long.MIN_VALUE;

    private static final boolean PREFERS_SIX = Boolean.getBoolean("java.net.preferIPv6Addresses");

    private final Map<InetAddress, Long> four = new HashMap<>();
    private final Map<InetAddress, Long> six = new HashMap<>();
    private boolean usesSix = PREFERS_SIX;

    /**
     * Takes an answer into account. One without any address tells nothing: the last addresses stay.
     *
     * @param now on a scale of nanoseconds
     * @param grace in nanoseconds
     */
    void take(Answer answer, long now, long grace) {
        if (!answer.resolves()) {
            return;
        }
        answer.four().ifPresent(there -> take(four, there, now, grace));
        answer.six().ifPresent(there -> take(six, there, now, grace));
        if ((usesSix ? six : four).isEmpty()) {
            usesSix = !usesSix;
        }
    }

    private static void take(Map<InetAddress, Long> known, List<InetAddress> there, long now, long grace) {
        there.forEach(address -> known.put(address, PRESENT));
        for (InetAddress address : List.copyOf(known.keySet())) {
            if (!there.contains(address)) {
                long since = known.merge(address, now, (old, fresh) -> old == PRESENT ? fresh : old);
                if (now - since >= grace) {
                    known.remove(address);
                }
            }
        }
    }

    /** The addresses in use, in an order of their own; none if there has never been one. */
    List<InetAddress> addresses() {
        return Answer.sorted(
                new ArrayList<>((usesSix ? six : four).keySet()), usesSix ? Inet6Address.class : Inet4Address.class);
    }

    /** Of which kind the addresses in use are; none if there has never been one. */
    Optional<DnsMessage.Type> inUse() {
        DnsMessage.Type kind = usesSix ? DnsMessage.Type.AAAA : DnsMessage.Type.A;
        return (usesSix ? six : four).isEmpty() ? Optional.empty() : Optional.of(kind);
    }

    /** Whether any of them was left out of the last answer. */
    boolean misses() {
        return (usesSix ? six : four).values().stream().anyMatch(since -> since != PRESENT);
    }
}
