// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where a name is, by answers that come one behind the other; the clock is a number. */
final class WhereaboutsTest {

    private static final long GRACE = 10;

    private final Whereabouts name = new Whereabouts();

    @Test
    void anAddressThatIsLeftOutStaysForItsGrace() {
        take(0, "10.0.0.2", "10.0.0.1");
        take(5, "10.0.0.1");
        assertEquals("10.0.0.1 10.0.0.2", at());
        assertTrue(name.misses());
        take(14, "10.0.0.1");
        assertEquals("10.0.0.1 10.0.0.2", at());
        take(15, "10.0.0.1");
        assertEquals("10.0.0.1", at());
        assertFalse(name.misses());
    }

    @Test
    void oneThatComesBackHasItsGraceAnew() {
        take(0, "10.0.0.1", "10.0.0.2");
        take(5, "10.0.0.1");
        take(14, "10.0.0.2");
        take(24, "10.0.0.1", "10.0.0.2");
        assertEquals("10.0.0.1 10.0.0.2", at());
    }

    @Test
    void anAnswerWithoutAddressesTellsNothing() {
        take(0, "10.0.0.1");
        take(100);
        name.take(Answer.SILENCE, 200, GRACE);
        assertEquals("10.0.0.1", at());
        assertFalse(name.misses());
    }

    @Test
    void ofBothKindsOneIsInUse() {
        take(0, "fd00::1", "10.0.0.1");
        assertEquals("10.0.0.1", at());
    }

    @Test
    void theOtherKindTakesItsPlaceWhenItIsGoneForGood() {
        take(0, "10.0.0.1", "fd00::1");
        take(5, "fd00::1");
        assertEquals("10.0.0.1", at());
        take(15, "fd00::1");
        assertEquals("fd00:0:0:0:0:0:0:1", at());
        take(20, "10.0.0.1", "fd00::1");
        assertEquals("fd00:0:0:0:0:0:0:1", at(), "which is in use stays in use");
    }

    @Test
    void aKindThatCouldNotBeLearnedStays() {
        take(0, "10.0.0.1", "fd00::1");
        Answer sixOnly =
                new Answer(Optional.empty(), Optional.of(List.of(InetAddress.ofLiteral("fd00::1"))), Duration.ZERO);
        name.take(sixOnly, 100, GRACE);
        name.take(sixOnly, 200, GRACE);
        assertEquals("10.0.0.1", at());
        assertFalse(name.misses());
    }

    @Test
    void addressesOfNobodyAreNone() {
        take(0, "0.0.0.0", "::", "224.0.0.1", "10.0.0.1", "10.0.0.1");
        assertEquals("10.0.0.1", at());
    }

    private void take(long now, String... addresses) {
        name.take(Answer.of(Arrays.stream(addresses).map(InetAddress::ofLiteral).toList(), Duration.ZERO), now, GRACE);
    }

    private String at() {
        return name.addresses().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "));
    }
}
