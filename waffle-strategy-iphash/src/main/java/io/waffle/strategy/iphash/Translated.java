// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

/**
 * IPv4 addresses inside IPv6 ones. A translator puts all of IPv4 behind one prefix, of which the first 64 bits, or all but a few, are the same
 * for every client: with those alone the whole IPv4 Internet would be one client. The client is the IPv4 address, which so goes to the same
 * backend by either road.
 *
 * <p>Known are: mapped {@code ::ffff:0:0/96} (RFC 4291), translated {@code ::ffff:0:0:0/96} (RFC 2765), the well-known prefix of NAT64 and
 * SIIT-DC {@code 64:ff9b::/96} (RFC 6052), 6to4 {@code 2002::/16} (RFC 3056), and Teredo {@code 2001::/32}, which has the address inverted
 * (RFC 4380).
 */
final class Translated {

    /** What the lower half of a mapped address begins with. */
    static final long MAPPED = 0xFFFF_0000_0000L;

    private static final long SIIT = 0xFFFF_0000_0000_0000L;
    private static final long NAT64 = 0x0064_FF9B_0000_0000L;
    private static final long NAT64_LOCAL = 0x0064_FF9B_0001L;
    private static final long SIX_TO_FOUR = 0x2002;
    private static final long TEREDO = 0x2001_0000;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private Translated() {}

    /** Whether there is an IPv4 address in it. */
    static boolean holdsIPv4(long high, long low) {
        long before = low & ~LOW_32;
        return (high == 0 && (before == MAPPED || before == SIIT))
                || (high == NAT64 && before == 0)
                || high >>> 48 == SIX_TO_FOUR
                || high >>> 32 == TEREDO;
    }

    /** The IPv4 address in one that holds it. */
    static long ipv4(long high, long low) {
        if (high >>> 48 == SIX_TO_FOUR) {
            return high >>> 16 & LOW_32;
        }
        return (high >>> 32 == TEREDO ? ~low : low) & LOW_32;
    }

    /**
     * Whether it is of the prefix for translators of one's own, {@code 64:ff9b:1::/48} (RFC 8215). Where such an address holds the IPv4 one
     * depends on the length its operator chose, so all of it counts: clients are apart, though not with their untranslated selves.
     */
    static boolean isLocal(long high) {
        return high >>> 16 == NAT64_LOCAL;
    }
}
