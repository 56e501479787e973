// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The one bound to the memory that traffic takes in this process: whatever grows with what comes from outside (a connection, a buffer, a pipe
 * or record of TLS, a line of the log, a kept piece of a body) is taken from here before it is used, and given back when it is gone. What is
 * used again and again, as the buffers of a loop are, stays taken meanwhile: so a request does not come by here as long as others before it
 * were as large.
 *
 * <p>The {@linkplain Use classes of use} have bounds of their own, one above the other, so that what is less urgent is refused first, and what
 * is under way finds room to be ended in.
 *
 * <p>Threading: any thread; a take is one successful compare-and-set.
 */
public final class MemoryBudget {

    /** What memory is for. Each class may fill the budget up to its own share of it, whoever has taken the rest. */
    public enum Use {
        /** What can be done without, or in smaller pieces: large buffers, bodies kept for a repetition, lines of the log. */
        SPARE(8),
        /** A connection, up to its handshake. */
        CONNECTION(12),
        /** A request that begins. */
        REQUEST(14),
        /** What is under way. */
        WORK(16);

        private static final int WHOLE = 16;

        private final int sixteenths;

        Use(int sixteenths) {
            this.sixteenths = sixteenths;
        }

        private long share(long bound) {
            return bound / WHOLE * sixteenths;
        }
    }

    private final AtomicLong taken = new AtomicLong();
    private final Map<Use, LongAdder> refused = counters();
    private final long bound;

    private static Map<Use, LongAdder> counters() {
        Map<Use, LongAdder> counters = new EnumMap<>(Use.class); // filled here, and only read from then on
        for (Use use : Use.values()) {
            counters.put(use, new LongAdder());
        }
        return counters;
    }

    /** @param bound in bytes, positive */
    public MemoryBudget(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound: " + bound + " (expected: positive)");
        }
        this.bound = bound;
    }

    /** One that refuses nothing, for what is measured or tried by itself. */
    public static MemoryBudget boundless() {
        return new MemoryBudget(Long.MAX_VALUE);
    }

    /** Takes so many bytes for this use, to be {@linkplain #giveBack given back} once; false, and nothing is taken, if there are not as many. */
    public boolean tryTake(Use use, long bytes) {
        long most = use.share(bound) - bytes;
        long before = taken.get();
        while (before <= most) {
            long found = taken.compareAndExchange(before, before + bytes);
            if (found == before) {
                return true;
            }
            before = found;
        }
        counter(use).increment();
        return false;
    }

    /** Whether so many bytes could be taken for this use now. */
    public boolean has(Use use, long bytes) {
        return taken.get() <= use.share(bound) - bytes;
    }

    /** Gives back what was taken, whatever it was taken for, at once or in parts. */
    public void giveBack(long bytes) {
        long left = taken.addAndGet(-bytes);
        if (left < 0) {
            throw new IllegalStateException("more memory was given back than taken: " + -left + " bytes");
        }
    }

    /** Bytes that are taken now. */
    public long taken() {
        return taken.get();
    }

    /** Up to how many bytes this use may fill it. */
    public long most(Use use) {
        return use.share(bound);
    }

    /** How often there was none for this use, since the start. Who asks again until there is some counts each time. */
    public long refused(Use use) {
        return counter(use).sum();
    }

    private LongAdder counter(Use use) {
        return Objects.requireNonNull(refused.get(use));
    }

    /** Bytes that may be taken at most. */
    public long bound() {
        return bound;
    }
}
