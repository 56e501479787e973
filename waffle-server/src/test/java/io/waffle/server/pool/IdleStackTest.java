// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class IdleStackTest {

    private final IdleStack<Line> stack = new IdleStack<>(3);

    @Test
    void lastInIsFirstOut() {
        Line first = push();
        Line second = push();
        assertSame(second, stack.pop(any -> true));
        assertSame(first, stack.pop(any -> true));
        assertNull(stack.pop(any -> true));
    }

    @Test
    void aPreferredOneGoesFirst() {
        push();
        Line preferred = push();
        Line last = push();
        assertSame(preferred, stack.pop(line -> line == preferred));
        assertSame(last, stack.pop(line -> line == preferred));
    }

    @Test
    void oldestIsClosedWhenThereAreTooMany() {
        Line oldest = push();
        Line second = push();
        push();
        push();
        assertEquals(1, oldest.closed.get());
        assertEquals(0, second.closed.get());
        assertEquals(3, stack.size());
    }

    @Test
    void removedIsNotClosed() {
        Line line = push();
        assertTrue(stack.remove(line));
        assertFalse(stack.remove(line));
        assertEquals(0, line.closed.get());
        assertNull(stack.pop(any -> true));
    }

    @Test
    void closedStackTakesNoMore() {
        Line line = push();
        stack.closeAll();
        assertEquals(1, line.closed.get());
        assertFalse(stack.push(new Line()));
        assertFalse(new IdleStack<Line>(0).push(new Line()), "none are kept");
    }

    /** The race: a connection popped by one thread is pushed by another and removed by a third; each has one owner at a time. */
    @Test
    void connectionHasOneOwnerAtATime() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Line> lines = List.of(push(), push(), push());
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Future<?>> users = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                users.add(executor.submit(() -> {
                    go.await();
                    for (int n = 0; n < 20_000; n++) {
                        Line line = stack.pop(any -> true);
                        Line other = lines.get(n % lines.size());
                        if (line == null && stack.remove(other)) {
                            line = other;
                        }
                        if (line != null) {
                            assertTrue(line.owned.compareAndSet(false, true));
                            line.owned.set(false);
                            assertTrue(stack.push(line));
                        }
                    }
                    return "done";
                }));
            }
            go.countDown();
            for (Future<?> user : users) {
                user.get();
            }
        }
        assertEquals(3, stack.size());
        assertTrue(lines.stream().allMatch(line -> line.closed.get() == 0));
    }

    private Line push() {
        Line line = new Line();
        assertTrue(stack.push(line));
        return line;
    }

    private static final class Line implements IdleStack.Connection {

        private final AtomicInteger closed = new AtomicInteger();
        private final AtomicBoolean owned = new AtomicBoolean();

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
