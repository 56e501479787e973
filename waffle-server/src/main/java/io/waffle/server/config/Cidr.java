// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.api.ClientAddress;

/**
 * A block of addresses (RFC 4632), in the 128 bits of IPv6.
 *
 * <p>Who came by a Unix domain socket has no address ({@link ClientAddress#NONE}), and so is of none but {@link #UNIX}, and of {@code ::/0}, which is
 * everybody: a block that begins at {@code ::} is about addresses.
 *
 * @param prefix how many leading bits count, 0 to 128; an IPv4 {@code /8} is 104
 */
public record Cidr(ClientAddress address, int prefix) {

    /** Those without an address. Its prefix is longer than any: nothing is within it, and it is within nothing but what everybody is in. */
    public static final Cidr UNIX = new Cidr(ClientAddress.NONE, 129);

    /** Whether the address is of this block. */
    public boolean contains(ClientAddress other) {
        return has(other) && (!other.equals(ClientAddress.NONE) || hasUnix());
    }

    /** Whether all of the other block is in this one. */
    public boolean covers(Cidr other) {
        return prefix <= other.prefix && has(other.address) && (!other.equals(UNIX) || hasUnix());
    }

    /** Whether those without an address are in it. */
    boolean hasUnix() {
        return prefix == 0 || equals(UNIX);
    }

    private boolean has(ClientAddress other) {
        return ((address.high() ^ other.high()) & mask(prefix)) == 0
                && ((address.low() ^ other.low()) & mask(prefix - 64)) == 0;
    }

    /** So many leading ones of 64; none if that is negative. */
    static long mask(int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= 64 ? -1L : -1L << (64 - bits);
    }
}
