// SPDX-License-Identifier: Apache-2.0
package com.example.random.choices;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.api.Picker;
import io.waffle.tck.FakeBackend;
import io.waffle.tck.FakeContext;
import io.waffle.tck.FakeRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RandomChoicesTest {

    /** The busiest of ten is picked only if both choices fall on it: once in a hundred; six deviations are allowed. */
    @Test
    void theBusiestIsPickedOnceInAHundred() {
        List<FakeBackend> members = FakeBackend.many(10);
        members.get(9).inFlight(1);
        Picker picker = new RandomChoicesProvider()
                .create(new FakeContext(Map.of("choices", "2"), 7))
                .picker(List.copyOf(members));
        FakeRequest request = new FakeRequest();
        int busiest = 0;
        for (int i = 0; i < 10_000; i++) {
            busiest += picker.pick(request) == members.get(9) ? 1 : 0;
        }
        assertEquals(100, busiest, 60);
    }
}
