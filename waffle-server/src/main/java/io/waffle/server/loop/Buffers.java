// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import io.waffle.server.loop.MemoryBudget.Use;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buffers to borrow, of four sizes: tiny ones for heads that are on their way; small ones for what is read or written at once; large ones for
 * bodies and large heads; and a few for bodies that come faster than a large one holds. Whoever borrows one gives it back as soon as nothing is
 * in it: what waits holds none.
 *
 * <p>They are taken from the budget when they are made, and so are the buffers on the heap and the pipes that TLS works with. A loop keeps some
 * of those that come back for the next borrower; the others go to the host, or the collector, and to the budget.
 *
 * <p>Threading: any thread. On a loop's own carrier the lock is never contended.
 */
public final class Buffers {

    /** Stands for a buffer where there is none; may be given back any number of times. */
    public static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** Bytes of a tiny buffer: a page, and in it the room for its {@linkplain #STAGGER beginning}. */
    public static final int TINY = 4096 - 6 * 64;

    /** Bytes of a small buffer. */
    public static final int SMALL = 16 * 1024;

    /** Bytes of a large one. */
    public static final int LARGE = 64 * 1024;

    /** Bytes of one for bulk: a quarter of the system calls, which is 12 % of the CPU time of replies of 1 MiB. */
    public static final int BULK = 256 * 1024;

    /** So many of those, or each slow client of a large body would hold a quarter of a megabyte. */
    private static final int MOST_BULK = 16;

    /** What a loop keeps of those that come back, and which share of the budget at most. */
    private static final long KEPT = 16L << 20;

    private static final int KEPT_SHARE = 32;

    /** How far the beginnings of buffers made one after the other are moved apart, and how often before it starts anew. */
    private static final int STAGGER = 5 * 64;

    private static final int STAGGERS = 13;
    private static final int PAGE = 4096;

    /** How often, and after how many milliseconds each, it is asked again for what must be had. */
    private static final int TRIES = 100;

    private static final int PAUSE = 20;

    private final MemoryBudget memory;
    private final long mayKeep;
    private final AtomicInteger made = new AtomicInteger();
    private final ArrayDeque<ByteBuffer> tiny = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> bulk = new ArrayDeque<>();
    private final AtomicInteger bulkMade = new AtomicInteger();
    private final HeapBuffers onHeap;
    private final Map<Shelf.Kind<?>, Shelf<?>> shelves = new ConcurrentHashMap<>();

    /** Those that cannot be given to the host: of the first moments, or where it cannot be asked. Guarded by itself. */
    private final Set<ByteBuffer> ofTheJvm = Collections.newSetFromMap(new IdentityHashMap<>());

    public Buffers(MemoryBudget memory) {
        this.memory = memory;
        this.mayKeep = Math.min(KEPT, memory.bound() / KEPT_SHARE);
        this.onHeap = new HeapBuffers(memory, mayKeep);
    }

    /** What they are taken from. */
    public MemoryBudget memory() {
        return memory;
    }

    /**
     * Borrows a tiny buffer for a request that begins, empty and ready to be filled. Give it back once.
     *
     * @return null if there is none for what begins now
     */
    public @Nullable ByteBuffer tiny() {
        return borrow(tiny, TINY, Use.REQUEST);
    }

    /**
     * Borrows a small buffer for what is under way.
     *
     * @throws MemoryShortage if there is none, though it was waited for
     */
    public ByteBuffer small() {
        return demand(small, SMALL);
    }

    /**
     * Borrows a large one for what needs its size.
     *
     * @throws MemoryShortage if there is none, though it was waited for
     */
    public ByteBuffer large() {
        return demand(large, LARGE);
    }

    /**
     * Borrows a large one, or, where memory is short, a small one.
     *
     * @throws MemoryShortage if there is not even that, though it was waited for
     */
    public ByteBuffer roomy() {
        ByteBuffer buffer = spare();
        return buffer == null ? small() : buffer;
    }

    /** Borrows a large one that can be done without; null if memory is short. */
    public @Nullable ByteBuffer spare() {
        return borrow(large, LARGE, Use.SPARE);
    }

    /** Whether so many bytes fit a smaller buffer than one of this capacity. */
    public static boolean fits(int bytes, int capacity) {
        return bytes <= SMALL && (bytes <= TINY ? TINY : SMALL) < capacity;
    }

    /** Borrows the smaller of a tiny and a small one that holds so many bytes, to do without a larger one; null if memory is short. */
    public @Nullable ByteBuffer fitting(int bytes) {
        return bytes <= TINY ? borrow(tiny, TINY, Use.SPARE) : borrow(small, SMALL, Use.SPARE);
    }

    /** Borrows one for bulk; null if all there may be are lent. */
    public @Nullable ByteBuffer bulk() {
        ByteBuffer buffer = poll(bulk);
        if (buffer != null || bulkMade.get() >= MOST_BULK) {
            return buffer;
        }
        buffer = make(BULK, Use.SPARE);
        if (buffer != null) {
            bulkMade.incrementAndGet();
        }
        return buffer;
    }

    /** Those on the heap. */
    public HeapBuffers onHeap() {
        return onHeap;
    }

    /** Where things of that kind are lent. */
    @SuppressWarnings("unchecked") // one is only ever put beside its own kind
    public <T> Shelf<T> shelf(Shelf.Kind<T> kind) {
        return (Shelf<T>) shelves.computeIfAbsent(kind, any -> new Shelf<>(any, memory, mayKeep));
    }

    /** Takes a borrowed buffer back: it must not be used any more. One on the heap is none of these and left to the collector. */
    public void giveBack(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return;
        }
        ArrayDeque<ByteBuffer> shelf = shelf(buffer);
        synchronized (shelf) {
            if (keeps(shelf.size(), buffer.capacity()) || !discard(buffer)) {
                shelf.push(buffer);
            }
        }
    }

    /** Whether one more is kept, of this size, beside so many. */
    private boolean keeps(int many, int size) {
        return (long) many * size <= mayKeep;
    }

    private @Nullable ByteBuffer borrow(ArrayDeque<ByteBuffer> shelf, int size, Use use) {
        ByteBuffer buffer = poll(shelf);
        return buffer == null ? make(size, use) : buffer;
    }

    private ByteBuffer demand(ArrayDeque<ByteBuffer> shelf, int size) {
        ByteBuffer buffer = poll(shelf);
        return buffer == null ? await(() -> borrow(shelf, size, Use.WORK), size) : buffer;
    }

    /** What is under way waits for others to end, as long as that may help; a thread that others wait for does not. */
    static <T> T await(Supplier<@Nullable T> source, int size) {
        T found = source.get();
        for (int i = 0; found == null && i < TRIES && pause(); i++) {
            found = source.get();
        }
        if (found == null) {
            throw new MemoryShortage(size);
        }
        return found;
    }

    private static boolean pause() {
        if (!Thread.currentThread().isVirtual()) {
            return false;
        }
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * The host puts buffers of one size at one distance from another, a power of two and a little. Most messages touch no more than the
     * beginning of a buffer, and beginnings so placed would have to share a few sets of the processor's caches: they are staggered.
     */
    private @Nullable ByteBuffer make(int size, Use use) {
        int whole = whole(size);
        if (!memory.tryTake(use, whole)) {
            return null;
        }
        int staggers = size == TINY ? 1 + (PAGE - TINY) / STAGGER : STAGGERS;
        int offset = Math.floorMod(made.getAndIncrement(), staggers) * STAGGER;
        ByteBuffer mapped = Pages.map(whole);
        if (mapped != null) {
            return mapped.slice(offset, size);
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(whole).slice(offset, size);
        synchronized (ofTheJvm) {
            ofTheJvm.add(buffer);
        }
        return buffer;
    }

    /** The pages that hold so many bytes wherever they begin. */
    private static int whole(int size) {
        return size == TINY ? PAGE : size + 2 * PAGE;
    }

    /** Gives it to the host; false if that cannot be. */
    private boolean discard(ByteBuffer buffer) {
        int size = buffer.capacity();
        synchronized (ofTheJvm) {
            if (ofTheJvm.contains(buffer)) {
                return false;
            }
        }
        if (!Pages.unmap(buffer, whole(size))) {
            return false;
        }
        memory.giveBack(whole(size));
        if (size == BULK) {
            bulkMade.decrementAndGet();
        }
        return true;
    }

    private ArrayDeque<ByteBuffer> shelf(ByteBuffer buffer) {
        return switch (buffer.capacity()) {
            case TINY -> tiny;
            case SMALL -> small;
            case LARGE -> large;
            default -> bulk;
        };
    }

    private static @Nullable ByteBuffer poll(ArrayDeque<ByteBuffer> shelf) {
        synchronized (shelf) {
            ByteBuffer buffer = shelf.poll();
            return buffer == null ? null : buffer.clear();
        }
    }
}
