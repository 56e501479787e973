// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.limit;

import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.MemoryBudget.Use;
import io.waffle.server.loop.MemoryShortage;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many of something each client has at this moment: connections, or requests in flight. Whoever enters has a place until it leaves, and a
 * client that has none is nowhere in the table.
 *
 * <p>Slots of eight bytes, forty bits of the key and the count, eight to a bucket; twice as many as there may be clients, 8 MiB at most. One whose bucket
 * is full of others is let in uncounted, and {@linkplain #uncounted told of}: one of ten thousand where a quarter of the slots are taken, one of 120
 * where half are.
 *
 * <p>Threading: any thread, by compare-and-set, without locks. A client that enters by two threads for the first time, just when another leaves its
 * bucket, may be counted in two slots until one of them is empty.
 */
public final class ClientCounts implements AutoCloseable {

    /** Instead of a place: it has as many as it may. */
    public static final int REFUSED = -1;

    /** Instead of a place: it is let in uncounted, and need not leave. */
    public static final int UNCOUNTED = -2;

    private static final int BUCKET = 8;
    private static final int LEAST = 1 << 10;
    private static final int MOST = 1 << 20;
    private static final int COUNT_BITS = 24;
    private static final long COUNT = (1L << COUNT_BITS) - 1;

    private final MemoryBudget memory;
    private final AtomicLongArray slots;
    private final LongAdder uncounted = new LongAdder();

    /**
     * An empty one, its memory taken from the budget.
     *
     * @param clients how many there may be at once, about
     * @throws MemoryShortage if there is none for it
     */
    public ClientCounts(MemoryBudget memory, int clients) {
        int size = Math.clamp(Integer.highestOneBit(Math.max(1, clients)) * 4L, LEAST, MOST);
        if (!memory.tryTake(Use.WORK, (long) size * Long.BYTES)) {
            throw new MemoryShortage((long) size * Long.BYTES);
        }
        this.memory = memory;
        this.slots = new AtomicLongArray(size);
    }

    /**
     * Lets a client have one more.
     *
     * @param key as {@link KeyedHash} makes it
     * @param most how many it may have, 1 to 1,000,000
     * @return a place, to {@link #leave} once; or {@link #REFUSED}, or {@link #UNCOUNTED}
     */
    public int enter(long key, int most) {
        long tag = tag(key);
        int bucket = bucket(key);
        while (true) {
            int at = find(bucket, tag);
            if (at < 0) {
                uncounted.increment();
                return UNCOUNTED;
            }
            long word = slots.get(at);
            if (isOf(word, tag) && (word & COUNT) >= most) {
                return REFUSED;
            }
            boolean mine = word == 0 || isOf(word, tag);
            if (mine && slots.compareAndSet(at, word, (word == 0 ? tag : word) + 1)) {
                return at;
            }
        }
    }

    /** Its slot, or else the first free one; -1 if there is neither. */
    private int find(int bucket, long tag) {
        int free = -1;
        for (int at = bucket; at < bucket + BUCKET; at++) {
            long word = slots.get(at);
            if (word == 0) {
                free = free < 0 ? at : free;
            } else if (isOf(word, tag)) {
                return at;
            }
        }
        return free;
    }

    /** Gives one back. */
    public void leave(int place) {
        if (place < 0) {
            return;
        }
        long word;
        do {
            word = slots.get(place);
        } while (!slots.compareAndSet(place, word, (word & COUNT) == 1 ? 0 : word - 1));
    }

    /** How many it has now. */
    public int count(long key) {
        int at = find(bucket(key), tag(key));
        return at < 0 ? 0 : (int) (slots.get(at) & COUNT);
    }

    /** How many were let in uncounted, since the start. */
    public long uncounted() {
        return uncounted.sum();
    }

    private static boolean isOf(long word, long tag) {
        return (word & ~COUNT) == tag;
    }

    /** Other bits than those that choose the bucket; never none. */
    private static long tag(long key) {
        long tag = key & ~COUNT;
        return tag == 0 ? 1L << COUNT_BITS : tag;
    }

    private int bucket(long key) {
        return ((int) key & (slots.length() / BUCKET - 1)) * BUCKET;
    }

    /** Gives its memory back; to be called once, when nobody is in it any more. */
    @Override
    public void close() {
        memory.giveBack((long) slots.length() * Long.BYTES);
    }
}
