// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

/**
 * How much one virtual thread may do before the others on its loop have their turn. What is done costs bytes: those that are moved, and for
 * each step a price that stands for its time. Whoever does work charges it; whoever repeats a step without waiting asks {@link #isSpent}
 * before he repeats it, returns to where he can wait, and there lets the others go first ({@link Channel#passIfSpent}). To return from
 * a {@code try} method early is no end of anything: the channel says that it {@linkplain Channel#isReadable is readable} still.
 *
 * <p>A turn takes about a fifth of a millisecond: long against what a look at the selector costs,
 * short against what a neighbour notices, though a dozen take turns.
 *
 * <p>Threading: by the virtual threads of its loop, a loop that carries them begins a turn with each continuation. On the JDK's scheduler
 * the threads of one loop share a turn without a lock: it is then shorter, and not exact, and that is all.
 */
public final class Turn {

    /** What a turn may cost. */
    static final int BUDGET = 1 << 20;

    /** A call of the host that moves bytes, beside the bytes: both take a few microseconds. */
    public static final int CALL = 4 * 1024;

    /** A TLS record, however short, beside its bytes: its cipher is set up, and something checks who it is from. */
    public static final int RECORD = 8 * 1024;

    /** What a TLS record without data costs beside that: most are key updates, for which new keys are derived and a cipher is set up with them. */
    public static final int REKEY = 48 * 1024;

    /** A request, whoever answers it: a head is parsed and another is written. */
    public static final int REQUEST = 16 * 1024;

    private int left = BUDGET;

    void begin() {
        left = BUDGET;
    }

    /** What has been done so far. */
    int cost() {
        return BUDGET - left;
    }

    /** Something was done that cost so many bytes. */
    public void charge(long bytes) {
        left -= (int) Math.min(bytes, left);
    }

    /** Whether it is time for the others. */
    public boolean isSpent() {
        return left == 0;
    }
}
