// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.ClientAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A set has the addresses that any of its blocks has, and no others. */
class CidrSetTest {

    private static final int SETS = 300;
    private static final int LOOKS = 200;

    private final Random random = new Random(20_261_201);

    @Test
    void emptySetHasNothing() {
        assertTrue(CidrSet.NONE.isEmpty());
        assertFalse(CidrSet.NONE.contains(new ClientAddress(0, 0)));
        assertFalse(CidrSet.NONE.contains(new ClientAddress(-1, -1)));
    }

    @Test
    void firstAndLastAddressesAreWithinAndThoseBesideThemAreNot() {
        CidrSet set = CidrSet.of(List.of(block("10.0.0.0/8"), block("2001:db8::/32")));

        assertTrue(set.contains(address("10.0.0.0")));
        assertTrue(set.contains(address("10.255.255.255")));
        assertFalse(set.contains(address("9.255.255.255")));
        assertFalse(set.contains(address("11.0.0.0")));
        assertTrue(set.contains(address("2001:db8::")));
        assertTrue(set.contains(address("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")));
        assertFalse(set.contains(address("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff")));
        assertFalse(set.contains(address("2001:db9::")));
    }

    @Test
    void everythingIsWithinTheBlockOfNoBits() {
        CidrSet set = CidrSet.of(List.of(block("::/0"), block("10.0.0.0/8")));

        assertTrue(set.contains(new ClientAddress(-1, -1)));
        assertTrue(set.contains(new ClientAddress(0, 0)));
        assertTrue(set.contains(address("192.0.2.1")));
    }

    @Test
    void whoHasNoAddressIsInNoBlockButThatOfAllAndThatOfHisOwn() {
        assertFalse(CidrSet.of(List.of(block("::"), block("::/1"), block("0.0.0.0/0")))
                .contains(ClientAddress.NONE));
        assertTrue(CidrSet.of(List.of(block("::"))).isEmpty());
        assertTrue(CidrSet.of(List.of(block("::/8"))).contains(new ClientAddress(0, 1)));
        assertTrue(CidrSet.of(List.of(block("10.0.0.0/8"), block("unix"))).contains(ClientAddress.NONE));
        CidrSet unix = CidrSet.of(List.of(block("unix:")));
        assertTrue(unix.contains(ClientAddress.NONE));
        assertFalse(unix.contains(new ClientAddress(0, 1)));
        assertFalse(unix.isEmpty());
        assertEquals(
                CidrSet.of(List.of(block("::/0"))),
                CidrSet.of(List.of(block("::/1"), block("8000::/1"), block("unix"))));
    }

    @Test
    void blocksInAnyOrderAreOneSetIfTheyCoverTheSame() {
        CidrSet whole = CidrSet.of(List.of(block("10.0.0.0/8")));

        assertEquals(whole, CidrSet.of(List.of(block("10.128.0.0/9"), block("10.1.0.0/16"), block("10.0.0.0/9"))));
    }

    /** Blocks and addresses from few bits, so that they meet often: within one another, side by side, at both ends of all there is. */
    @Test
    void setAgreesWithTheListOfItsBlocks() {
        for (int i = 0; i < SETS; i++) {
            List<Cidr> blocks = new ArrayList<>();
            int count = random.nextInt(40);
            for (int b = 0; b < count; b++) {
                blocks.add(anyBlock());
            }
            CidrSet set = CidrSet.of(blocks);
            for (int look = 0; look < LOOKS; look++) {
                ClientAddress address = anyAddress();
                boolean expected = blocks.stream().anyMatch(block -> block.contains(address));
                assertEquals(expected, set.contains(address), () -> address + " in " + blocks);
            }
        }
    }

    private Cidr anyBlock() {
        int prefix = random.nextInt(129);
        if (prefix == 100) {
            return Cidr.UNIX;
        }
        ClientAddress any = anyAddress();
        return new Cidr(
                new ClientAddress(any.high() & Cidr.mask(prefix), any.low() & Cidr.mask(prefix - Long.SIZE)), prefix);
    }

    private ClientAddress anyAddress() {
        return new ClientAddress(anyHalf(), anyHalf());
    }

    private long anyHalf() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> (long) random.nextInt(16) << 60;
            case 3 -> random.nextInt(16);
            default -> 0xFFFF_0000_0000L | random.nextInt(256);
        };
    }

    private static Cidr block(String text) {
        try {
            return AddressForms.CIDR.read(new RawValue(text, new Origin(Origin.Source.DEFAULT, 0, ""), Path.of("")));
        } catch (InvalidValue e) {
            throw new AssertionError(e);
        }
    }

    private static ClientAddress address(String text) {
        return block(text).address();
    }
}
