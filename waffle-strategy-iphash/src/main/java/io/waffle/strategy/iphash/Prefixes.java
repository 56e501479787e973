// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import io.waffle.api.ClientAddress;
import io.waffle.api.Options;

/**
 * How much of an address tells clients apart, as masks.
 *
 * <p>Of IPv4 all 32 bits by default. Of IPv6 the first 64: a household, an office or a phone is given a whole /64 and its devices choose the
 * rest, and choose anew every day (RFC 8981, temporary addresses). With all 128 bits the same person would move to another backend with each
 * of them. Where clients are servers with fixed addresses in one subnet, {@code ipv6-prefix} 128 tells them apart. What a translator made of
 * IPv4 is not IPv6 in this sense: see {@link Translated}.
 *
 * @param ipv4 for the low half of an IPv4 address
 * @param ipv6High for the high half of an IPv6 address
 * @param ipv6Low for its low half
 */
record Prefixes(long ipv4, long ipv6High, long ipv6Low) {

    static Prefixes from(Options options) {
        int ipv4 = (int) options.integer("ipv4-prefix", 32, 1, 32);
        int ipv6 = (int) options.integer("ipv6-prefix", 64, 1, 128);
        return new Prefixes(leading(32 + ipv4), leading(Math.min(ipv6, 64)), leading(Math.max(ipv6 - 64, 0)));
    }

    /** Mixes what counts of the address into 64 bits, each depending on all of it. A translated address counts as the IPv4 address in it. */
    long hash(ClientAddress client) {
        long high = client.high();
        long low = client.low();
        if (Translated.holdsIPv4(high, low)) {
            return hashIPv4(Translated.ipv4(high, low));
        }
        long highMask = Translated.isLocal(high) ? -1 : ipv6High;
        long lowMask = Translated.isLocal(high) ? -1 : ipv6Low;
        return Hash.mix(Hash.mix(high & highMask) + (low & lowMask));
    }

    private long hashIPv4(long address) {
        return Hash.mix(Hash.mix(0) + ((Translated.MAPPED | address) & ipv4));
    }

    /** A mask of this many leading ones, 0 to 64. */
    private static long leading(int bits) {
        return bits == 0 ? 0 : -1L << (64 - bits);
    }
}
