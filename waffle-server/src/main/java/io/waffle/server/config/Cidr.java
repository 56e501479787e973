// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.api.ClientAddress;

/**
 * A block of addresses (RFC 4632), in the 128 bits of IPv6.
 *
 * @param prefix how many leading bits count, 0 to 128; an IPv4 {@code /8} is 104
 */
public record Cidr(ClientAddress address, int prefix) {

    /** Whether the address is of this block. */
    public boolean contains(ClientAddress other) {
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
