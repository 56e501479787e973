// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WaitingRoomTest {

    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    private final WaitingRoom room = new WaitingRoom(3);

    @Test
    void hasSoManyPlacesAndNoMore() {
        assertTrue(room.isEmpty());
        assertEquals(1, room.enter());
        assertEquals(2, room.enter());
        assertEquals(3, room.enter());
        assertEquals(0, room.enter());
        room.leave();
        assertEquals(3, room.enter());
        assertFalse(room.isEmpty());
    }

    @Test
    void nobodyIsCalledWhoDoesNotWait() {
        room.callOne();
        room.enter();
        assertFalse(room.await(1));
    }

    @Test
    void aCallThatComesBeforeTheWaitIsNotLost() {
        room.enter();
        room.callOne();
        assertTrue(room.await(LONG));
        assertFalse(room.await(1), "one call, one turn");
    }

    @Test
    void whoCameFirstIsCalledFirst() throws InterruptedException {
        List<Integer> called = new CopyOnWriteArrayList<>();
        Thread[] waiters = new Thread[3];
        for (int i = 0; i < waiters.length; i++) {
            int number = i;
            room.enter();
            waiters[i] = Thread.ofPlatform().start(() -> {
                if (room.await(LONG)) {
                    called.add(number);
                }
            });
            while (waiters[i].getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        for (Thread waiter : waiters) {
            room.callOne();
            waiter.join();
        }
        assertEquals(List.of(0, 1, 2), called);
    }
}
