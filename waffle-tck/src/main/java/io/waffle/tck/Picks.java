// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Picker;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Picks that are checked. */
final class Picks {

    private static final int TIMES = 100;

    private Picks() {}

    /** Picks for a number of clients, and checks that each answer is one of the members. */
    static void from(Picker picker, List<? extends Backend> members, String rule) {
        Set<Backend> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(members);
        FakeRequest request = new FakeRequest();
        for (int i = 0; i < TIMES; i++) {
            Backend picked = one(picker, request.client(FakeRequest.ipv4(0x0A00_0000 + i)), rule);
            assertTrue(
                    own.contains(picked),
                    () -> rule + ": picked " + picked + ", which is not a member, of " + members.size());
        }
    }

    /** Picks, and checks that there is an answer. */
    static FakeBackend one(Picker picker, FakeRequest request, String rule) {
        Backend picked = picker.pick(request);
        assertNotNull(picked, () -> rule + ": picked null");
        FakeBackend fake = (FakeBackend) picked;
        request.picked(fake);
        fake.countOut();
        return fake;
    }

    /** Peeks as the host does, and checks that what is told, if anything, is an eligible member, and that nobody has more in flight. */
    static Optional<Backend> peek(Picker picker, FakeRequest request, List<FakeBackend> members, String rule) {
        List<Integer> before = members.stream().map(FakeBackend::inFlight).toList();
        Optional<Backend> peeked = picker.peek(new Refusing(request));
        assertNotNull(peeked, () -> rule + ": peek returned null");
        assertTrue(
                peeked.isEmpty() || members.stream().anyMatch(member -> member == peeked.get()),
                () -> rule + ": peek told of " + peeked + ", which is not a member");
        assertTrue(
                peeked.isEmpty() || request.isEligible(peeked.get()),
                () -> rule + ": peek told of " + peeked + ", which is not eligible");
        assertEquals(
                before,
                members.stream().map(FakeBackend::inFlight).toList(),
                () -> rule + ": in flight after peek, against before");
        return peeked;
    }
}
