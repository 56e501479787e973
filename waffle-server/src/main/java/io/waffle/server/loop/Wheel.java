// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one loop: a timing wheel of so many slots, a tick apart (Varghese and Lauck, 1987). Deadlines are set with each request and
 * hardly ever pass, so a timer stays where it is when its deadline moves on: only when its slot comes up is it looked at, and put where it
 * belongs by then. So to set a later deadline costs one write, and an idle connection is looked at once in a turn of the wheel, however many
 * there are. A loop with nothing else to do sleeps until the first slot that has any comes up.
 *
 * <p>Threading: {@link #advance} by the loop's thread. A timer's deadline is set by one thread at a time, the one that owns what it times;
 * {@link Timer#cancel} by any. The lock is taken only where a timer enters, moves to an earlier slot, or leaves. Who sets a deadline writes
 * it, then looks at the slot; the loop takes the timer out of its slot, then looks at the deadline: one of them sees the other.
 */
final class Wheel {

    /** How late a deadline may be noticed, at most, by a loop that is not busy. */
    static final long TICK_NANOS = 100_000_000;

    static final int SLOTS = 512;

    /** What is further off than this is looked at together with its neighbours first: so many slots wake a loop that is idle once. */
    private static final int TOGETHER = 16;

    private final @Nullable Timer[] slots = new @Nullable Timer[SLOTS];
    private final Runnable onEarlier;
    private long swept; // the tick whose slot is being emptied: there are none in those before it
    private volatile int size;
    private long now;
    private volatile long next = Deadline.NONE; // when the first slot that has any comes up, or before that

    /**
     * @param onEarlier what to do when the loop may not sleep as long as it was told before; by any thread
     * @param now as {@link Deadline#now}
     */
    Wheel(Runnable onEarlier, long now) {
        this.onEarlier = onEarlier;
        this.now = now;
    }

    /** Something that has a deadline. */
    abstract static class Timer {

        private final Wheel wheel;
        private volatile long deadline = Deadline.NONE;
        private volatile long slotBegins = Deadline.NONE; // none: it is in no slot
        private volatile boolean cancelled;
        private @Nullable Timer previous;
        private @Nullable Timer following;

        Timer(Wheel wheel) {
            this.wheel = wheel;
        }

        /** The deadline has passed. On the loop's thread, and again with each tick until there is another deadline. Must be quick. */
        abstract void expired();

        final long deadline() {
            return deadline;
        }

        final void deadline(long at) {
            deadline = at;
            if (at < slotBegins) {
                wheel.put(this, at);
            }
        }

        /** Ends it for good. */
        final void cancel() {
            cancelled = true;
            wheel.remove(this);
        }

        private void look(long now) {
            if (deadline <= now) {
                expired();
            }
            long at = deadline;
            if (at != Deadline.NONE) {
                wheel.put(this, at);
            }
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** How long the loop may sleep, in milliseconds from when it looked last, so that it is back when there is a slot to look at; 0 for as long as it likes. */
    long sleepMillis() {
        long at = next;
        return at == Deadline.NONE ? 0 : Math.max(1, (at - now) / 1_000_000 + 1);
    }

    /** Looks at all whose slot has come up. */
    void advance(long at) {
        now = at;
        if (now < next) {
            return;
        }
        for (Timer timer; (timer = poll(now / TICK_NANOS)) != null; ) {
            timer.look(now);
        }
    }

    private synchronized @Nullable Timer poll(long tick) {
        while (size > 0 && swept <= tick) {
            Timer first = slots[slot(swept)];
            if (first != null) {
                unlink(first);
                return first;
            }
            swept++;
        }
        swept = Math.max(swept, tick + 1) - 1;
        next = firstTaken();
        return null;
    }

    /** When the first slot comes up that has any, behind the one that was swept last. */
    private long firstTaken() {
        if (size == 0) {
            return Deadline.NONE;
        }
        long tick = swept + 1;
        while (slots[slot(tick)] == null) {
            tick++;
        }
        return tick * TICK_NANOS;
    }

    private void put(Timer timer, long at) {
        if (link(timer, at)) {
            onEarlier.run();
        }
    }

    /** Whether its slot comes up before all that have any. */
    private synchronized boolean link(Timer timer, long at) {
        if (timer.slotBegins != Deadline.NONE) {
            unlink(timer);
        }
        if (timer.cancelled) {
            return false;
        }
        swept = Math.max(
                swept, Math.min(now, next - 1) / TICK_NANOS); // while the loop sleeps or has nothing to look at
        long tick = Math.clamp(at / TICK_NANOS + 1, swept + 1, swept + SLOTS - 1); // the first that begins behind it
        if (tick > swept + TOGETHER) {
            tick -= tick % TOGETHER;
        }
        Timer head = slots[slot(tick)];
        timer.following = head;
        if (head != null) {
            head.previous = timer;
        }
        slots[slot(tick)] = timer;
        timer.slotBegins = (tick - 1) * TICK_NANOS;
        size++;
        boolean earlier = tick * TICK_NANOS < next;
        if (earlier) {
            next = tick * TICK_NANOS;
        }
        return earlier;
    }

    private synchronized void remove(Timer timer) {
        if (timer.slotBegins != Deadline.NONE) {
            unlink(timer);
        }
    }

    private synchronized void unlink(Timer timer) {
        Timer before = timer.previous;
        Timer behind = timer.following;
        if (before != null) {
            before.following = behind;
        } else {
            slots[slot(timer.slotBegins / TICK_NANOS + 1)] = behind;
        }
        if (behind != null) {
            behind.previous = before;
        }
        timer.previous = null;
        timer.following = null;
        timer.slotBegins = Deadline.NONE;
        size--;
    }

    private static int slot(long tick) {
        return (int) (tick % SLOTS);
    }
}
