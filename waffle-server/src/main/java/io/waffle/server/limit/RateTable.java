// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.limit;

import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.MemoryBudget.Use;
import io.waffle.server.loop.MemoryShortage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Until when each key has used up what it may: one number for each, the theoretical arrival time of GCRA (ITU-T I.371, annex A). A key whose time
 * has passed is like one that never came, so nothing is ever cleared: its slot is free.
 *
 * <p>Slots of sixteen bytes, eight to a bucket. It begins small, doubles while keys are pushed out that still count, and stops at 2^20 slots, 16 MiB,
 * or where the memory budget does; then the key of a bucket that has used up least gives way, and is {@linkplain #overwritten counted}. Who floods it
 * with keys used once pushes out others of the kind, and hardly one that is held back.
 *
 * <p>Threading: any thread, by compare-and-set, without locks. Two corners are left open for that, each a few instructions wide: a key that two threads
 * bring for the first time at once may pass once more than it should, and so may one that is used while the table doubles.
 */
public final class RateTable implements AutoCloseable {

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int BUCKET = 8;
    private static final int WORDS = 2;
    private static final int LEAST = 1 << 12;
    private static final int MOST = 1 << 20;

    /** How long it is not asked for memory again that was refused. */
    private static final long AFTER_REFUSAL = 1_000_000_000;

    private final MemoryBudget memory;
    private final int most;
    private final LongAdder overwritten = new LongAdder();
    private final AtomicBoolean growing = new AtomicBoolean();

    /** At 2i the key of a slot, at 2i+1 its time. */
    private volatile long[] slots;

    /** When it may grow again. Guarded by {@link #growing}. */
    private long growsFrom;

    /**
     * Takes what it begins with from the budget, 64 KiB, and grows by it.
     *
     * @throws MemoryShortage if there is not even that
     */
    public RateTable(MemoryBudget memory) {
        this(memory, LEAST, MOST);
    }

    RateTable(MemoryBudget memory, int least, int most) {
        this.memory = memory;
        this.most = most;
        this.slots = new long[least * WORDS];
        if (!memory.tryTake(Use.WORK, bytes(slots))) {
            throw new MemoryShortage(bytes(slots));
        }
    }

    /**
     * Takes one for this key, if it may have it now.
     *
     * @param key any number that stands for it, the same each time
     * @param now on a clock that is positive and never goes back, in nanoseconds
     * @param interval between two of them, at the rate that it may go on at
     * @param tolerance how much earlier than that one may come, for those that come at once
     * @return 0, or in how many nanoseconds it may have one; nothing is taken then
     */
    long take(long key, long now, long interval, long tolerance) {
        while (true) {
            long[] in = slots;
            int bucket = bucket(in, key);
            int at = find(in, bucket, key);
            if (at >= 0) {
                long until = (long) WORD.getVolatile(in, at + 1);
                long wait = until - tolerance - now;
                if (wait > 0) {
                    return wait;
                }
                if (WORD.compareAndSet(in, at + 1, until, Math.max(until, now) + interval)) {
                    return 0;
                }
            } else if (claim(in, bucket, key, now, interval)) {
                return 0;
            }
        }
    }

    private static int find(long[] in, int bucket, long key) {
        for (int at = bucket; at < bucket + BUCKET * WORDS; at += WORDS) {
            if ((long) WORD.getAcquire(in, at) == key) {
                return at;
            }
        }
        return -1;
    }

    /** Puts a new key in place of the one that has used up least; false if it is to be looked for again. */
    private boolean claim(long[] in, int bucket, long key, long now, long interval) {
        int at = least(in, bucket, now);
        long until = (long) WORD.getVolatile(in, at + 1);
        if (until > now && grow(in, now)) {
            return false;
        }
        if (!WORD.compareAndSet(in, at + 1, until, now + interval)) {
            return false;
        }
        WORD.setRelease(in, at, key);
        if (until > now) {
            overwritten.increment();
        }
        return true;
    }

    /** The first slot whose time has passed; else that whose time does first. */
    private static int least(long[] in, int bucket, long now) {
        int least = bucket;
        long soonest = Long.MAX_VALUE;
        for (int at = bucket; at < bucket + BUCKET * WORDS; at += WORDS) {
            long until = (long) WORD.getVolatile(in, at + 1);
            if (until <= now) {
                return at;
            }
            if (until < soonest) {
                soonest = until;
                least = at;
            }
        }
        return least;
    }

    /** Doubles the table, if it may; true if there is another one now. */
    private boolean grow(long[] from, long now) {
        if (from.length >= most * WORDS || !growing.compareAndSet(false, true)) {
            return false;
        }
        try {
            if (slots.length != from.length) {
                return true;
            }
            if (now < growsFrom || !memory.tryTake(Use.SPARE, bytes(from))) {
                growsFrom = now < growsFrom ? growsFrom : now + AFTER_REFUSAL;
                return false;
            }
            slots = doubled(from, now);
            return true;
        } finally {
            growing.set(false);
        }
    }

    /** Each bucket becomes two, told apart by one more bit of the keys, so all find room. */
    private static long[] doubled(long[] from, long now) {
        long[] to = new long[from.length * 2];
        for (int at = 0; at < from.length; at += WORDS) {
            long key = (long) WORD.getAcquire(from, at);
            long until = (long) WORD.getVolatile(from, at + 1);
            if (until > now) {
                int free = least(to, bucket(to, key), now);
                to[free] = key;
                to[free + 1] = until;
            }
        }
        return to;
    }

    private static int bucket(long[] in, long key) {
        int buckets = in.length / (BUCKET * WORDS);
        return ((int) key & (buckets - 1)) * BUCKET * WORDS;
    }

    /** How many keys gave way though their time had not passed, since the start. */
    public long overwritten() {
        return overwritten.sum();
    }

    /** How many slots there are now. */
    public int size() {
        return slots.length / WORDS;
    }

    private static long bytes(long[] slots) {
        return (long) slots.length * Long.BYTES;
    }

    /** Gives its memory back; to be called once, by whoever made it, when nobody takes from it any more. */
    @Override
    public void close() {
        memory.giveBack(bytes(slots));
    }
}
