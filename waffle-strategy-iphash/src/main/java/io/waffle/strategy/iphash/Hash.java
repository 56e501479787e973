// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

/**
 * Hash functions that are the same in every process and on every platform, so that several instances of Waffle in front of the same backends
 * agree. Not secret: a client may choose its backend, which it can do with any hash of its own address.
 */
final class Hash {

    private Hash() {}

    /**
     * The finaliser "Mix13" of SplitMix64 (Stafford, 2011): a bijection under which each bit of the input flips each bit of the output in
     * about half of all cases.
     */
    static long mix(long bits) {
        long x = bits + 0x9E37_79B9_7F4A_7C15L; // keeps 0 from mapping to 0
        x = (x ^ x >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        x = (x ^ x >>> 27) * 0x94D0_49BB_1331_11EBL;
        return x ^ x >>> 31;
    }

    /** FNV-1a over the characters, mixed. {@link String#hashCode} has 32 bits: among 10,000 names one collision in about a hundred pools. */
    static long of(String text) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x0000_0100_0000_01B3L;
        }
        return mix(hash);
    }
}
